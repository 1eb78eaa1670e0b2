// What a warp's matrix unit does. PTX ISA, mma.m16n8k8 with .tf32: lane 4 g + t holds A(g, t), A(g + 8, t), A(g, t + 4), A(g + 8, t + 4); B(t, g), B(t + 4, g); C(g, 2 t), C(g, 2 t + 1),
// C(g + 8, 2 t), C(g + 8, 2 t + 1). The unit reads 10 bits of fraction and ignores the others, so an operand that was not rounded is seen.
#include "sim.h"

namespace sim {

namespace {

const int WARP = 32, INNER = 8, ROWS = 16, COLUMNS = 8;
const int MOST = 8; // fragments along an axis

float cut(float x) { return from_bits(bits(x) & ~0x1fff); }

} // namespace

void multiply_fragments(void *const *brought) {
    const Fragments &first = *static_cast<const Fragments *>(brought[0]);
    float a[MOST * ROWS][INNER], b[INNER][MOST * COLUMNS], c[MOST * ROWS][MOST * COLUMNS];
    int rows = first.rows * ROWS, columns = first.columns * COLUMNS;
    for (int lane = 0; lane < WARP; lane++) {
        const Fragments &f = *static_cast<const Fragments *>(brought[lane]);
        int g = lane / 4, t = lane % 4;
        for (int i = 0; i < f.rows; i++)
            for (int part = 0; part < 4; part++) a[i * ROWS + g + part % 2 * 8][t + part / 2 * 4] = cut(f.a[i * 4 + part]);
        for (int j = 0; j < f.columns; j++)
            for (int part = 0; part < 2; part++) b[t + part * 4][j * COLUMNS + g] = cut(f.b[j * 2 + part]);
        for (int i = 0; i < f.rows; i++)
            for (int j = 0; j < f.columns; j++)
                for (int part = 0; part < 4; part++) c[i * ROWS + g + part / 2 * 8][j * COLUMNS + 2 * t + part % 2] = f.c[(i * f.columns + j) * 4 + part];
    }

    for (int i = 0; i < rows; i++)
        for (int k = 0; k < INNER; k++)
            for (int j = 0; j < columns; j++) c[i][j] = __builtin_fmaf(a[i][k], b[k][j], c[i][j]);

    for (int lane = 0; lane < WARP; lane++) {
        const Fragments &f = *static_cast<const Fragments *>(brought[lane]);
        int g = lane / 4, t = lane % 4;
        for (int i = 0; i < f.rows; i++)
            for (int j = 0; j < f.columns; j++)
                for (int part = 0; part < 4; part++) f.c[(i * f.columns + j) * 4 + part] = c[i * ROWS + g + part / 2 * 8][j * COLUMNS + 2 * t + part % 2];
    }
}

} // namespace sim
