// Factors of dropout, the same integers as Tensors/Primitives/Survivors.cs draws: element i takes word i mod 4 of block i / 4 of the key's generator.
// Philox 4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, doi 10.1145/2063384.2063405, section 4.3.
#include "gpu.h"

typedef unsigned long long Word64;

DEVICE void philox(Word64 key, Word64 low, Word64 high, unsigned (&words)[4]) {
    unsigned key0 = (unsigned)key, key1 = (unsigned)(key >> 32);
    unsigned c0 = (unsigned)low, c1 = (unsigned)(low >> 32), c2 = (unsigned)high, c3 = (unsigned)(high >> 32);
    for (int round = 0; round < 10; round++) {
        Word64 product0 = (Word64)0xD2511F53u * c0, product1 = (Word64)0xCD9E8D57u * c2;
        c0 = (unsigned)(product1 >> 32) ^ c1 ^ key0;
        c1 = (unsigned)product1;
        c2 = (unsigned)(product0 >> 32) ^ c3 ^ key1;
        c3 = (unsigned)product0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }

    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
}

KERNEL(survivors, THREADS, SurvivorsBlock) {
    int place = place_of(places);
    if (place < 0) return;
    int number = block_x() * THREADS + thread(); // of a block of four elements
    const Word64 GLOBAL *key = at<const Word64>(block.key, place);
    float GLOBAL *output = at<float>(block.output, place);
    unsigned words[4];
    philox(key[0], number, key[1], words);
    for (int word = 0; word < 4; word++) {
        Elements i = (Elements)number * 4 + word;
        if (i < block.count) output[i] = words[word] < block.threshold ? 0 : block.factor;
    }
}
