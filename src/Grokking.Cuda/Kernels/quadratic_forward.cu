// The quadratic network's way forward, f = z² · weightsᵀ with z = first[x1] + second[x2]: what is squared is looked up while the product needs it and never stored, and scale, residual and
// square are taken before a result leaves the registers.
#include "product.h"

struct SquaredRows {
    const QuadraticForwardBlock &block;
    const float GLOBAL *first, *second, *weights;
    const int GLOBAL *firstIndices, *secondIndices;
    int m, k, n;
    bool leftAlongInner, rightAlongColumns;

    DEVICE_MEMBER float left(int row, int inner) const {
        float z = first[(Elements)firstIndices[row] * block.width + inner] + second[(Elements)secondIndices[row] * block.width + inner];
        return z * z;
    }

    DEVICE_MEMBER float right(int inner, int column) const { return weights[(Elements)column * block.width + inner]; }
};

template <bool SINGLE> DEVICE void forward(const QuadraticForwardBlock &block, const Places &places) {
    int place = place_of(places);
    if (place < 0) return;
    SquaredRows rows{block, at<const float>(block.first, place), at<const float>(block.second, place), at<const float>(block.weights, place),
                     at<const int>(block.firstIndices, place), at<const int>(block.secondIndices, place), block.count, block.width, block.classes, true, false};
    const int GLOBAL *labels = at<const int>(block.labels, place);
    multiply<SINGLE>(rows, [&](int row, int column, float f) {
        Elements element = (Elements)row * block.classes + column;
        float scaled = f * block.scale;
        float r = scaled - (labels[row] == column ? 1.0f : 0.0f);
        if (block.scaled.address != 0) at<float>(block.scaled, place)[element] = scaled;
        if (block.squares.address != 0) at<float>(block.squares, place)[element] = r * r;
        if (block.residual.address != 0) at<float>(block.residual, place)[element] = r * block.factor;
    });
}

KERNEL(quadratic_forward_tf32, MULTIPLYING, QuadraticForwardBlock) { forward<false>(block, places); }

KERNEL(quadratic_forward_single, MULTIPLYING, QuadraticForwardBlock) { forward<true>(block, places); }
