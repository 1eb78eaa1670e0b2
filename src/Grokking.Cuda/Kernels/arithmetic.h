// The elementwise functions in float32, the same operations in the same order as Engine/Cpu/Vector*.cs, where the polynomials, their errors and the edges are described and were tried over
// all 2^32 arguments. Nothing here depends on a device's approximate functions.
#pragma once
#include "gpu.h"

const float INFINITE = __builtin_inff();
const float ROUNDER = 12582912; // 1.5 * 2^23: added and subtracted it leaves the nearest whole number

DEVICE bool is_nan(float x) { return x != x; }
DEVICE float magnitude(float x) { return from_bits(bits(x) & 0x7fffffff); }
DEVICE float with_sign(float x, float sign) { return from_bits(bits(x) | (bits(sign) & (int)0x80000000)); }
DEVICE float smaller(float a, float b) { return a < b ? a : b; }

// 2^n for whole n in -126 … 127.
DEVICE float power_of_two(float n) { return from_bits(((int)n + 127) << 23); }

DEVICE float exponential_exponent(float x) { return multiply_add(x, 1.44269504f, ROUNDER) - ROUNDER; }

DEVICE float exponential_polynomial(float x, float n) {
    float r = multiply_add(n, 1.90465421e-09f, multiply_add(n, -0.693147182f, x));
    float p = multiply_add(r, 0.00138364814f, 0.00836913288f);
    p = multiply_add(p, r, 0.0416681059f);
    p = multiply_add(p, r, 0.166665167f);
    p = multiply_add(p, r, 0.49999994f);
    p = multiply_add(p, r, 1);
    return multiply_add(p, r, 1);
}

// For |x| <= 87.
DEVICE float moderate_exponential(float x) {
    float n = exponential_exponent(x);
    return exponential_polynomial(x, n) * power_of_two(n);
}

DEVICE float exponential(float x) {
    if (is_nan(x)) return x;
    float inside = x < -104 ? -104 : x > 89 ? 89 : x;
    float n = exponential_exponent(inside);
    float half = multiply_add(n, 0.5f, ROUNDER) - ROUNDER;
    return exponential_polynomial(inside, n) * power_of_two(half) * power_of_two(n - half);
}

DEVICE float logarithm(float x) {
    if (!(x < INFINITE)) return x;
    if (!(x > 0)) return x == 0 ? -INFINITE : from_bits(0x7fc00000);
    const float NORMAL = 1.17549435e-38f;
    float normal = x < NORMAL ? x * 16777216 : x;

    // x = 2^k (1 + f) with -1/3 <= f < 1/3.
    const int THIRD = 0x3f2aaaab; // 2/3, rounded up
    int scaled = bits(normal) - THIRD;
    int exponent = scaled >> 23;
    float f = from_bits((scaled & 0x7fffff) + THIRD) - 1;
    float k = (float)(x < NORMAL ? exponent - 24 : exponent);

    float p = multiply_add(f, -0.12891902f, 0.139844328f);
    p = multiply_add(p, f, -0.121842064f);
    p = multiply_add(p, f, 0.140058711f);
    p = multiply_add(p, f, -0.16680491f);
    p = multiply_add(p, f, 0.200104058f);
    p = multiply_add(p, f, -0.249997973f);
    p = multiply_add(p, f, 0.333332151f);
    p = multiply_add(p, f, -0.5f);

    float sum = multiply_add(k, 0.693145752f, f);
    float lost = f - multiply_add(k, -0.693145752f, sum);
    return sum + multiply_add(f * f, p, multiply_add(k, 1.42860677e-06f, lost));
}

DEVICE float hyperbolic_tangent(float x) {
    if (is_nan(x)) return x;
    float a = smaller(magnitude(x), 10);
    float square = a * a;
    if (a < 1) {
        float p = multiply_add(square, -0.000358365593f, 0.00230114977f);
        p = multiply_add(p, square, -0.00794594362f);
        p = multiply_add(p, square, 0.0214866493f);
        p = multiply_add(p, square, -0.0538798422f);
        p = multiply_add(p, square, 0.133323461f);
        p = multiply_add(p, square, -0.333332956f);
        return with_sign(multiply_add(p * square, a, a), x);
    }

    return with_sign(1 - 2 / (moderate_exponential(a + a) + 1), x);
}

DEVICE float error_function(float x) {
    if (is_nan(x)) return x;
    float a = smaller(magnitude(x), 4);
    if (a < 1) {
        float square = a * a;
        float p = multiply_add(square, 7.80690316e-05f, -0.00079978531f);
        p = multiply_add(p, square, 0.0051871622f);
        p = multiply_add(p, square, -0.0268533472f);
        p = multiply_add(p, square, 0.112835787f);
        p = multiply_add(p, square, -0.37612626f);
        p = multiply_add(p, square, 0.128379166f);
        return with_sign(multiply_add(p, a, a), x);
    }

    float q = multiply_add(a, 0.000210165395f, -0.00318297814f);
    q = multiply_add(q, a, 0.0227856413f);
    q = multiply_add(q, a, -0.105095983f);
    q = multiply_add(q, a, -0.635846913f);
    q = multiply_add(q, a, -1.12847543f);
    return with_sign(1 - moderate_exponential(q * a), x);
}

// The larger of both; NaN if either is; +0 is larger than -0.
DEVICE float larger(float a, float b) {
    if (is_nan(a)) return a;
    if (is_nan(b)) return b;
    return a == b ? from_bits(bits(a) & bits(b)) : a > b ? a : b;
}
