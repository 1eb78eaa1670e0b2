// Rows by index: added up into a table, written as one-hot rows, or as numbers.
#include "gpu.h"

// A block owns 256 columns of one row of the table. It looks through all indices, 256 at a time, and adds the rows that are its own in their order, so nothing is added by two.
KERNEL(scatter_add, THREADS, ScatterBlock) {
    const int WARPS = THREADS / 32;
    SHARED(unsigned, matches, 2 * WARPS); // in turn, so that the next matches are not written while these are read
    int place = place_of(places);
    if (place < 0) return;
    const int GLOBAL *indices = at<const int>(block.indices, place);
    int row = block_x(), column = block_y() * THREADS + thread();
    bool isColumn = column < block.width;
    float GLOBAL *target = at<float>(block.table, place) + (Elements)row * block.width + column;
    float sum = block.add && isColumn ? *target : 0;
    const float GLOBAL *rows = at<const float>(block.rows, place) + column;
    for (int first = 0, turn = 0; first < block.count; first += THREADS, turn ^= WARPS) {
        int i = first + thread();
        unsigned warpMatches = warp_ballot(i < block.count && indices[i] == row);
        if (thread() % 32 == 0) matches[turn + thread() / 32] = warpMatches;
        block_sync();
        for (int warp = 0; warp < WARPS; warp++)
            for (unsigned rest = matches[turn + warp]; rest != 0; rest &= rest - 1)
                if (isColumn) sum += rows[(Elements)(first + warp * 32 + first_bit(rest)) * block.width];
    }

    if (isColumn) *target = sum;
}

KERNEL(one_hot, THREADS, IndexBlock) {
    int place = place_of(places);
    long long i = (long long)block_x() * THREADS + thread();
    if (place < 0 || i >= (long long)block.count * block.bound) return;
    int row = (int)(i / block.bound);
    at<float>(block.output, place)[i] = at<const int>(block.indices, place)[row] == (int)(i - (long long)row * block.bound) ? 1.0f : 0.0f;
}

KERNEL(numbers, THREADS, IndexBlock) {
    int place = place_of(places);
    int i = block_x() * THREADS + thread();
    if (place < 0 || i >= block.count) return;
    at<float>(block.output, place)[i] = (float)at<const int>(block.indices, place)[i];
}
