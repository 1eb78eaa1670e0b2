// What goes in and out while steps are replayed without the host: a row of a table for each step, and a row of a ring.
#include "gpu.h"

KERNEL(feed, THREADS, FeedBlock) {
    int place = place_of(places);
    if (place < 0) return;
    const Move GLOBAL &move = ((const Move GLOBAL *)block.moves)[block_x()];
    int row = *at<const int>(block.counter, place);
    const int GLOBAL *from = at<const int>(block.table, place) + (Elements)row * block.rowWords + move.first;
    int GLOBAL *to = (int GLOBAL *)move.target.address + place * move.target.stride;
    for (int word = thread(); word < move.words; word += THREADS) to[word] = from[word];
}

KERNEL(record, THREADS, RecordBlock) {
    int place = place_of(places);
    if (place < 0) return;
    const Memory GLOBAL *sources = (const Memory GLOBAL *)block.sources;
    int row = *at<const int>(block.counter, place) % block.rows;
    float GLOBAL *ring = at<float>(block.ring, place) + (Elements)row * block.sourceCount;
    for (int i = thread(); i < block.sourceCount; i += THREADS) ring[i] = ((const float GLOBAL *)sources[i].address)[place * sources[i].stride];
}

KERNEL(tick, 32, TickBlock) {
    int place = place_of(places);
    if (place >= 0 && thread() == 0) ++*at<int>(block.counter, place);
}
