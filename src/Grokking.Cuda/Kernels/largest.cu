// The largest element of each row, or its place: a warp for a row.
#include "arithmetic.h"

const int WARP = 32;

// Whether x at a place goes before y at another: NaN before all numbers, then the larger, then the lower place.
DEVICE bool precedes(float x, int xPlace, float y, int yPlace) {
    if (is_nan(x) != is_nan(y)) return is_nan(x);
    if (is_nan(x) || x == y) return xPlace < yPlace;
    return x > y;
}

KERNEL(largest, THREADS, LargestBlock) {
    int place = place_of(places);
    if (place < 0) return;
    int row = block_x() * (THREADS / WARP) + thread() / WARP;
    if (row >= block.rows) return; // the whole warp
    const float GLOBAL *values = at<const float>(block.input, place) + (Elements)row * block.width;
    float best = -INFINITE;
    int bestPlace = block.width;
    for (int i = thread() % WARP; i < block.width; i += WARP) {
        float x = values[i];
        if (precedes(x, i, best, bestPlace)) {
            best = x;
            bestPlace = i;
        }
    }

    warp_first<precedes>(best, bestPlace);
    if (thread() % WARP == 0) at<float>(block.output, place)[row] = block.place ? (float)bestPlace : best;
}
