// What gpu.h takes from clang for a device, here for g++: threads of a block are fibers, memory starts as NaN, and shared arrays have canaries behind
// them. A thread that never waits for others costs no more than a call.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace sim {

struct Coordinates {
    int thread, x, y, z;
};

// Of the fiber that runs at the moment on this thread of the host.
extern __thread Coordinates here;

void block_sync();

// Waits for the warp; the last lane to come calls `combine` with what all 32 brought.
void warp_sync(void *brought, void (*combine)(void *const *brought));

// An array of the block at hand: each thread gets the same one, the first one finds it filled with NaN.
void *shared(const void *site, size_t bytes);

// A kernel: how it is called with what cuLaunchKernel was given, and how large the parameters are.
struct Kernel {
    Kernel(const char *name, int threads, void (*call)(void *const *), size_t block_bytes, size_t places_bytes);
    const char *name;
    int threads;
    void (*call)(void *const *);
    size_t bytes[2];
};

struct Placed {
    float *x;
    int *place;
};

template <bool (*PRECEDES)(float, int, float, int)> void first_of(void *const *brought) {
    const Placed *best = static_cast<const Placed *>(brought[0]);
    for (int lane = 1; lane < 32; lane++) {
        const Placed *other = static_cast<const Placed *>(brought[lane]);
        if (PRECEDES(*other->x, *other->place, *best->x, *best->place)) best = other;
    }

    float x = *best->x;
    int place = *best->place;
    for (int lane = 0; lane < 32; lane++) {
        *static_cast<const Placed *>(brought[lane])->x = x;
        *static_cast<const Placed *>(brought[lane])->place = place;
    }
}

struct Ballot {
    bool value;
    unsigned result;
};

inline void ballot(void *const *brought) {
    unsigned all = 0;
    for (int lane = 0; lane < 32; lane++) all |= static_cast<Ballot *>(brought[lane])->value ? 1u << lane : 0;
    for (int lane = 0; lane < 32; lane++) static_cast<Ballot *>(brought[lane])->result = all;
}

struct Fragments {
    float *c;          // [rows][columns][4]
    const float *a, *b; // [rows][4], [columns][2]
    int rows, columns;
};

void multiply_fragments(void *const *brought);

} // namespace sim

#define GLOBAL
#define DEVICE static inline
#define DEVICE_MEMBER inline
#define UNROLL _Pragma("GCC unroll 16")
#define SHARED(type, name, count)                                                                                                                              \
    static const char name##_site = 0;                                                                                                                         \
    type *const name = static_cast<type *>(sim::shared(&name##_site, sizeof(type) * (count)))
#define KERNEL(name, threads, Block)                                                                                                                           \
    static void name(const Block block, const Places places);                                                                                                  \
    static void name##_call(void *const *p) { name(*static_cast<const Block *>(p[0]), *static_cast<const Places *>(p[1])); }                                   \
    static const sim::Kernel name##_kernel(#name, threads, name##_call, sizeof(Block), sizeof(Places));                                                        \
    static void name(const Block block, const Places places)

DEVICE int thread() { return sim::here.thread; }
DEVICE int block_x() { return sim::here.x; }
DEVICE int block_y() { return sim::here.y; }
DEVICE int block_z() { return sim::here.z; }
DEVICE void block_sync() { sim::block_sync(); }

DEVICE int bits(float x) {
    int y;
    std::memcpy(&y, &x, sizeof y);
    return y;
}

DEVICE float from_bits(int x) {
    float y;
    std::memcpy(&y, &x, sizeof y);
    return y;
}

template <bool (*PRECEDES)(float, int, float, int)> DEVICE void warp_first(float &x, int &place) {
    sim::Placed mine{&x, &place};
    sim::warp_sync(&mine, sim::first_of<PRECEDES>);
}

DEVICE unsigned warp_ballot(bool x) {
    sim::Ballot mine{x, 0};
    sim::warp_sync(&mine, sim::ballot);
    return mine.result;
}

DEVICE float multiply_add(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
DEVICE float square_root(float x) { return __builtin_sqrtf(x); }
DEVICE int first_bit(unsigned x) { return __builtin_ctz(x); }

// cvt.rna: half a unit is added to the magnitude, and what is below the 10 bits is cut off; infinities and NaN stay.
DEVICE float tf32(float x) { return std::isfinite(x) ? from_bits((bits(x) + 0x1000) & ~0x1fff) : x; }

template <int M, int N> DEVICE void mma_tf32(float (&c)[M][N][4], const float (&a)[M][4], const float (&b)[N][2]) {
    sim::Fragments mine{c[0][0], a[0], b[0], M, N};
    sim::warp_sync(&mine, sim::multiply_fragments);
}
