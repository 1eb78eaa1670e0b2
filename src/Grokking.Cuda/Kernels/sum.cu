// Sums over axes, in float64 and in one fixed order: the threads of an output take its terms in turn, and their sums are added in two stages.
#include "gpu.h"

const int STAGE = 16;

// How far the element of a row-major number lies along axes of these lengths and steps.
DEVICE Elements offset_of(int number, const int (&lengths)[AXES], const int (&steps)[AXES]) {
    Elements offset = 0;
    UNROLL for (int axis = AXES - 1; axis >= 0; axis--) {
        if (lengths[axis] != 1) {
            int above = number / lengths[axis];
            offset += (Elements)(number - above * lengths[axis]) * steps[axis];
            number = above;
        }
    }

    return offset;
}

KERNEL(sum, THREADS, SumBlock) {
    SHARED(double, parts, THREADS);
    int place = place_of(places);
    if (place < 0) return;

    int perBlock = THREADS / block.lanes;
    int lane = block.across ? thread() % block.lanes : thread() / perBlock;
    int mine = block.across ? thread() / block.lanes : thread() % perBlock;
    int output = block_x() * perBlock + mine;
    double sum = 0;
    if (output < block.outputs) {
        const float GLOBAL *start = at<const float>(block.input, place) + offset_of(output, block.kept, block.keptSteps);
        for (int term = lane; term < block.terms; term += block.lanes) sum += start[offset_of(term, block.summed, block.summedSteps)];
    }

    if (block.lanes > 1) {
        // In two stages of at most 16: as quick as a tree, with fewer barriers.
        int step = block.across ? 1 : perBlock; // from a lane of an output to the next, in threads
        parts[thread()] = sum;
        block_sync();
        if (block.lanes > STAGE) {
            for (int other = STAGE; lane < STAGE && other < block.lanes; other += STAGE) sum += parts[thread() + other * step];
            if (lane < STAGE) parts[thread()] = sum;
            block_sync();
        }

        for (int other = 1; lane == 0 && other < STAGE && other < block.lanes; other++) sum += parts[thread() + other * step];
    }

    if (lane != 0 || output >= block.outputs) return;
    if (block.target & SET_DOUBLE) {
        double GLOBAL *target = at<double>(block.output, place) + output;
        *target = block.target == ADD_DOUBLE ? *target + sum : sum;
    } else {
        float GLOBAL *target = at<float>(block.output, place) + output;
        *target = block.target == ADD_SINGLE ? (float)(*target + sum) : (float)sum;
    }
}

KERNEL(round_sums, THREADS, RoundBlock) {
    int place = place_of(places);
    int i = block_x() * THREADS + thread();
    if (place < 0 || i >= block.count) return;
    at<float>(block.target, place)[i] = (float)at<const double>(block.sums, place)[i];
}
