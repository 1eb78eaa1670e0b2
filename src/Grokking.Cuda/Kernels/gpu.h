// The few things that only a GPU has, for clang; sim.h gives g++ the same names. All inline PTX stands here, because clang does
// not check it.
#pragma once

#ifdef SIMULATED
#include "sim.h"
#else

#define GLOBAL __attribute__((address_space(1)))
#define SHARED(type, name, count) static __attribute__((shared)) type name[count]
#define DEVICE static __attribute__((device, always_inline)) inline
#define DEVICE_MEMBER __attribute__((device, always_inline)) inline
#define UNROLL _Pragma("unroll")
#define KERNEL(name, threads, Block) extern "C" __attribute__((global, launch_bounds(threads))) void name(const Block block, const Places places)

DEVICE int thread() { return __nvvm_read_ptx_sreg_tid_x(); }
DEVICE int block_x() { return __nvvm_read_ptx_sreg_ctaid_x(); }
DEVICE int block_y() { return __nvvm_read_ptx_sreg_ctaid_y(); }
DEVICE int block_z() { return __nvvm_read_ptx_sreg_ctaid_z(); }

// All threads of the block have come here, and see what each wrote.
DEVICE void block_sync() { __syncthreads(); }

// All threads of a warp call these together.
DEVICE unsigned warp_ballot(bool x) { return __nvvm_vote_ballot_sync(0xffffffffu, x); }

// Each lane brings a number and its place; all get what PRECEDES puts before all others.
template <bool (*PRECEDES)(float, int, float, int)> DEVICE void warp_first(float &x, int &place) {
    for (int distance = 16; distance > 0; distance /= 2) {
        float other = __nvvm_shfl_sync_bfly_f32(0xffffffffu, x, distance, 31);
        int otherPlace = __nvvm_shfl_sync_bfly_i32(0xffffffffu, place, distance, 31);
        if (PRECEDES(other, otherPlace, x, place)) {
            x = other;
            place = otherPlace;
        }
    }
}

DEVICE float multiply_add(float a, float b, float c) { return __nvvm_fma_rn_f(a, b, c); }
DEVICE float square_root(float x) { return __nvvm_sqrt_rn_f(x); }
DEVICE int bits(float x) { return __nvvm_bitcast_f2i(x); }
DEVICE float from_bits(int x) { return __nvvm_bitcast_i2f(x); }
DEVICE int first_bit(unsigned x) { return __builtin_ctz(x); }

// Rounded to 10 bits of fraction, ties away from zero: what a tensor core multiplies.
DEVICE float tf32(float x) {
    unsigned rounded;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(rounded) : "f"(x));
    return from_bits(rounded);
}

// c += a · b by a warp: c of [16 M, 8 N], a of [16 M, 8], b of [8, 8 N]; which elements a lane holds: PTX ISA, "Matrix fragments for mma.m16n8k8", .tf32.
template <int M, int N> DEVICE void mma_tf32(float (&c)[M][N][4], const float (&a)[M][4], const float (&b)[N][2]) {
    UNROLL for (int i = 0; i < M; i++) UNROLL for (int j = 0; j < N; j++)
        asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
            : "+f"(c[i][j][0]), "+f"(c[i][j][1]), "+f"(c[i][j][2]), "+f"(c[i][j][3])
            : "r"(bits(a[i][0])), "r"(bits(a[i][1])), "r"(bits(a[i][2])), "r"(bits(a[i][3])), "r"(bits(b[j][0])), "r"(bits(b[j][1])));
}

#endif

#include "abi.h"

// The place that this block works for; negative: none.
DEVICE int place_of(const Places &places) { return ((const int GLOBAL *)places.list)[block_z()]; }

template <class T> DEVICE T GLOBAL *at(const Memory &memory, int place) { return (T GLOBAL *)memory.address + place * memory.stride; }
