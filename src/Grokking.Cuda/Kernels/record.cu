// The numbers of a run, gathered where one copy brings them all to the host.
#include "gpu.h"

KERNEL(record, THREADS, RecordBlock) {
    int place = place_of(places);
    if (place < 0) return;
    const Memory GLOBAL *sources = (const Memory GLOBAL *)block.sources;
    int row = *at<const int>(block.counter, place) % block.rows;
    float GLOBAL *ring = at<float>(block.ring, place) + (Elements)row * block.sourceCount;
    for (int i = thread(); i < block.sourceCount; i += THREADS) ring[i] = ((const float GLOBAL *)sources[i].address)[place * sources[i].stride];
}
