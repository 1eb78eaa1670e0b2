// A tile of a matrix product on tensor cores. They multiply numbers of 10 bits of fraction (TF32) and add in float32. SINGLE splits each number into a
// large and a small part, x = X + x', and adds x'·Y + X·y' + X·Y (3xTF32): the left-out x'·y' is below 2^-22 of the product, a rounding of float32.
//
// A block owns a tile of 64 x 64 of C and walks through the inner axis 16 at a time; while it multiplies one stretch, the next is on its way. A warp owns 32 x 32.
#pragma once
#include "gpu.h"

const int MULTIPLYING = 128; // threads of a block
const int TILE = 64;         // rows and columns of a block
const int STRETCH = 16;      // of the inner axis
const int LEFT_ROW = 20;     // a row of A's tile in shared memory: 16 and 4 to spare, so that the 8 rows by 4 columns that a warp reads at once lie in 32 banks
const int RIGHT_ROW = 72;    // a row of B's tile: 64 and 8 to spare, for 4 rows by 8 columns
const int EACH = TILE * STRETCH / MULTIPLYING;
const int ROWS = 2, COLUMNS = 4; // fragments of a warp: 16 rows, 8 columns each

// The part of A and B that a thread carries from memory to shared memory.
struct Cargo {
    float left[EACH], right[EACH];
};

// Element i of a thread's part lies at (row, column) of a tile; neighbouring threads take what lies side by side in memory.
DEVICE void place_in_left(bool alongInner, int i, int &row, int &inner) {
    int element = i * MULTIPLYING + thread();
    row = alongInner ? element / STRETCH : element % TILE;
    inner = alongInner ? element % STRETCH : element / TILE;
}

DEVICE void place_in_right(bool alongColumns, int i, int &inner, int &column) {
    int element = i * MULTIPLYING + thread();
    inner = alongColumns ? element / TILE : element % STRETCH;
    column = alongColumns ? element % TILE : element / STRETCH;
}

template <class Factors> DEVICE void fetch(const Factors &factors, int firstRow, int firstColumn, int first, Cargo &cargo) {
    UNROLL for (int i = 0; i < EACH; i++) {
        int row, inner, column;
        place_in_left(factors.leftAlongInner, i, row, inner);
        row += firstRow;
        inner += first;
        cargo.left[i] = row < factors.m && inner < factors.k ? factors.left(row, inner) : 0;
        place_in_right(factors.rightAlongColumns, i, inner, column);
        inner += first;
        column += firstColumn;
        cargo.right[i] = inner < factors.k && column < factors.n ? factors.right(inner, column) : 0;
    }
}

template <bool SINGLE, class Factors> DEVICE void put(const Factors &factors, const Cargo &cargo, float *left, float *right) {
    UNROLL for (int i = 0; i < EACH; i++) {
        int row, inner, column;
        place_in_left(factors.leftAlongInner, i, row, inner);
        left[row * LEFT_ROW + inner] = SINGLE ? cargo.left[i] : tf32(cargo.left[i]);
        place_in_right(factors.rightAlongColumns, i, inner, column);
        right[inner * RIGHT_ROW + column] = SINGLE ? cargo.right[i] : tf32(cargo.right[i]);
    }
}

// x = large + small, both of 10 bits of fraction, but for an error of 2^-22 x.
DEVICE void split(float x, float &large, float &small) {
    large = tf32(x);
    small = tf32(x - large);
}

template <bool SINGLE> DEVICE void multiply_stretch(const float *left, const float *right, int warpRow, int warpColumn, float (&c)[ROWS][COLUMNS][4]) {
    int group = thread() % 32 / 4, member = thread() % 4;
    UNROLL for (int inner = 0; inner < STRETCH; inner += 8) {
        float a[ROWS][4], b[COLUMNS][2], smallA[ROWS][4], smallB[COLUMNS][2];
        UNROLL for (int i = 0; i < ROWS; i++) UNROLL for (int part = 0; part < 4; part++) {
            float x = left[(warpRow + i * 16 + group + part % 2 * 8) * LEFT_ROW + inner + member + part / 2 * 4];
            if (SINGLE)
                split(x, a[i][part], smallA[i][part]);
            else
                a[i][part] = x;
        }

        UNROLL for (int j = 0; j < COLUMNS; j++) UNROLL for (int part = 0; part < 2; part++) {
            float x = right[(inner + member + part * 4) * RIGHT_ROW + warpColumn + j * 8 + group];
            if (SINGLE)
                split(x, b[j][part], smallB[j][part]);
            else
                b[j][part] = x;
        }

        if (SINGLE) {
            mma_tf32(c, smallA, b);
            mma_tf32(c, a, smallB);
        }

        mma_tf32(c, a, b);
    }
}

// The tile of this block. Factors: m, k, n; left(row, inner) and right(inner, column), and along which axis neighbours lie side by side. Each element of the tile is given to
// take(row, column, element) once.
template <bool SINGLE, class Factors, class Take> DEVICE void multiply(const Factors &factors, const Take &take) {
    SHARED(float, left, 2 * TILE * LEFT_ROW);
    SHARED(float, right, 2 * STRETCH * RIGHT_ROW);
    int tiles = (factors.n + TILE - 1) / TILE;
    int firstRow = block_x() / tiles * TILE, firstColumn = block_x() % tiles * TILE;
    int warpRow = thread() / 64 * 32, warpColumn = thread() / 32 % 2 * 32;
    float c[ROWS][COLUMNS][4] = {};

    Cargo cargo;
    fetch(factors, firstRow, firstColumn, 0, cargo);
    put<SINGLE>(factors, cargo, left, right);
    block_sync();
    int half = 0; // of the shared memory that is multiplied
    for (int first = 0; first < factors.k; first += STRETCH) {
        bool more = first + STRETCH < factors.k;
        if (more) fetch(factors, firstRow, firstColumn, first + STRETCH, cargo);
        multiply_stretch<SINGLE>(left + half * TILE * LEFT_ROW, right + half * STRETCH * RIGHT_ROW, warpRow, warpColumn, c);
        half = 1 - half;
        if (more) put<SINGLE>(factors, cargo, left + half * TILE * LEFT_ROW, right + half * STRETCH * RIGHT_ROW);
        block_sync();
    }

    int group = thread() % 32 / 4, member = thread() % 4;
    UNROLL for (int i = 0; i < ROWS; i++) UNROLL for (int j = 0; j < COLUMNS; j++) UNROLL for (int part = 0; part < 4; part++) {
        int row = firstRow + warpRow + i * 16 + group + part / 2 * 8;
        int column = firstColumn + warpColumn + j * 8 + member * 2 + part % 2;
        if (row < factors.m && column < factors.n) take(row, column, c[i][j][part]);
    }
}
