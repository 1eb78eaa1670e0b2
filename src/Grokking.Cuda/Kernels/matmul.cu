// Matrix products, one for each pair of a batch.
#include "product.h"

struct MatrixFactors {
    const MatMulBlock &block;
    const float GLOBAL *a, *b;
    int m, k, n;
    bool leftAlongInner, rightAlongColumns;

    DEVICE_MEMBER float left(int row, int inner) const { return a[(Elements)row * block.leftRow + (Elements)inner * block.leftInner]; }
    DEVICE_MEMBER float right(int inner, int column) const { return b[(Elements)inner * block.rightInner + (Elements)column * block.rightColumn]; }
};

template <bool SINGLE> DEVICE void multiply_pair(const MatMulBlock &block, const Places &places) {
    int place = place_of(places);
    if (place < 0) return;
    MatrixFactors factors{block, at<const float>(block.left, place) + block_y() * block.leftBatch, at<const float>(block.right, place) + block_y() * block.rightBatch,
                          block.m, block.k, block.n, block.leftInner == 1, block.rightColumn == 1};
    float GLOBAL *output = at<float>(block.output, place) + block_y() * block.outputBatch;
    multiply<SINGLE>(factors, [&](int row, int column, float c) {
        float GLOBAL *target = output + (Elements)row * block.outputRow + column;
        *target = block.add ? *target + c : c;
    });
}

KERNEL(matmul_tf32, MULTIPLYING, MatMulBlock) { multiply_pair<false>(block, places); }

KERNEL(matmul_single, MULTIPLYING, MatMulBlock) { multiply_pair<true>(block, places); }

// A thread for each element: for products that do not fill a tile.
KERNEL(matmul_plain, THREADS, MatMulBlock) {
    int place = place_of(places);
    int element = block_x() * THREADS + thread();
    if (place < 0 || element >= block.m * block.n) return;
    int row = element / block.n, column = element % block.n;
    const float GLOBAL *a = at<const float>(block.left, place) + block_y() * block.leftBatch + (Elements)row * block.leftRow;
    const float GLOBAL *b = at<const float>(block.right, place) + block_y() * block.rightBatch + (Elements)column * block.rightColumn;
    float c = 0;
    for (int inner = 0; inner < block.k; inner++) c = multiply_add(a[(Elements)inner * block.leftInner], b[(Elements)inner * block.rightInner], c);
    float GLOBAL *target = at<float>(block.output, place) + block_y() * block.outputBatch + (Elements)row * block.outputRow + column;
    *target = block.add ? *target + c : c;
}
