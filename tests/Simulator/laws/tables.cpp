#include "harness.h"

#include <tuple>

LAW(scatter_add_adds_rows_in_their_order) {
    for (auto [count, bound, width] : {std::tuple{1, 1, 1}, {7, 3, 5}, {300, 11, 2}, {513, 4, 257}, {256, 97, 1}}) {
        for (int add = 0; add < 2; add++) {
            Values<float> rows(static_cast<size_t>(count) * width), table(static_cast<size_t>(bound) * width);
            Values<int> indices(count);
            rows.fill(ordinary);
            table.fill(ordinary);
            indices.fill([bound = bound] { return whole(0, bound - 1); });
            ScatterBlock block{rows.memory(), indices.memory(), table.memory(), count, width, add, 0};
            std::vector<float> sums = in_both_orders<float>("scatter_add", table, [&] { launch("scatter_add", block, bound, parts(width, THREADS), THREADS); });
            for (int place = 0; place < 3; place += 2) {
                std::vector<float> expected(static_cast<size_t>(bound) * width);
                if (add) expected.assign(table.at(place), table.at(place) + expected.size());
                for (int row = 0; row < count; row++)
                    for (int column = 0; column < width; column++) expected[static_cast<size_t>(indices.at(place)[row]) * width + column] += rows.at(place)[static_cast<size_t>(row) * width + column];
                for (size_t i = 0; i < expected.size(); i++)
                    if (sums[place * table.stride + i] != expected[i]) fail("not the bits of the sum in row order");
            }
        }
    }
}

LAW(one_hot_and_numbers_write_indices) {
    const int COUNT = 45, BOUND = 13;
    Values<int> indices(COUNT);
    indices.fill([] { return whole(0, BOUND - 1); });
    Values<float> hot(COUNT * BOUND), plain(COUNT);
    hot.fill(ordinary);
    plain.fill(ordinary);
    IndexBlock block{indices.memory(), hot.memory(), COUNT, BOUND};
    std::vector<float> rows = in_both_orders<float>("one_hot", hot, [&] { launch("one_hot", block, parts(COUNT * BOUND, THREADS), 1, THREADS); });
    block.output = plain.memory();
    std::vector<float> numbers = in_both_orders<float>("numbers", plain, [&] { launch("numbers", block, 1, 1, THREADS); });
    for (int place = 0; place < 3; place += 2)
        for (int row = 0; row < COUNT; row++) {
            int index = indices.at(place)[row];
            if (numbers[place * COUNT + row] != static_cast<float>(index)) fail("not the index");
            for (int column = 0; column < BOUND; column++)
                if (rows[(place * COUNT + row) * BOUND + column] != (column == index ? 1.0f : 0.0f)) fail("not one-hot");
        }
}

LAW(largest_finds_the_first_among_equals_and_nan_before_all) {
    for (int width : {1, 5, 31, 32, 33, 97, 200}) {
        const int ROWS = 19;
        Values<float> input(static_cast<size_t>(ROWS) * width), output(ROWS);
        input.fill([] { return whole(0, 60) == 0 ? std::nanf("") : whole(0, 40) == 0 ? -INFINITY : static_cast<float>(whole(-3, 3)); });
        for (int i = 0; i < width; i++) input.at(0)[i] = -INFINITY;
        input.upload();
        output.fill(ordinary);
        for (int place_wanted = 0; place_wanted < 2; place_wanted++) {
            LargestBlock block{input.memory(), output.memory(), ROWS, width, place_wanted, 0};
            std::vector<float> found = in_both_orders<float>("largest", output, [&] { launch("largest", block, parts(ROWS, 8), 1, THREADS); });
            for (int place = 0; place < 3; place += 2)
                for (int row = 0; row < ROWS; row++) {
                    const float *values = input.at(place) + row * width;
                    int best = 0;
                    for (int i = 1; i < width; i++)
                        if (values[i] > values[best] || (std::isnan(values[i]) && !std::isnan(values[best]))) best = i;
                    float expected = place_wanted ? static_cast<float>(best) : values[best], got = found[place * ROWS + row];
                    if (got != expected && !(std::isnan(got) && std::isnan(expected))) fail("width " + std::to_string(width) + ": " + std::to_string(got) + " instead of " + std::to_string(expected));
                }
        }
    }
}

LAW(survivors_draw_the_words_of_philox) {
    // Known answer of Random123 for Philox 4x32-10: counter and key of zeros.
    const unsigned KNOWN[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    for (int i = 0; i < 4; i++)
        for (int above = 0; above < 2; above++) {
            Values<unsigned long long> key(2);
            key.fill([] { return 0ull; });
            Values<float> output(4);
            output.fill(ordinary);
            SurvivorsBlock block{key.memory(), output.memory(), KNOWN[i] + static_cast<unsigned long long>(above), 4, 1.5f};
            std::vector<float> factors = in_both_orders<float>("survivors", output, [&] { launch("survivors", block, 1, 1, THREADS); });
            if (factors[i] != (above ? 0.0f : 1.5f)) fail("word " + std::to_string(i) + " is not the known answer");
        }
}

LAW(survivors_survive_at_their_rate) {
    const int COUNT = 9001;
    Values<unsigned long long> key(2);
    key.fill([] { return (static_cast<unsigned long long>(random_source()) << 32) | random_source(); });
    Values<float> output(COUNT);
    output.fill(ordinary);
    SurvivorsBlock block{key.memory(), output.memory(), static_cast<Address>(std::llround(0.3 * 4294967296.0)), COUNT, 2.0f};
    std::vector<float> factors = in_both_orders<float>("survivors", output, [&] { launch("survivors", block, parts(COUNT, 1024), 1, THREADS); });
    int dropped = 0;
    for (int i = 0; i < COUNT; i++) {
        if (factors[i] != 0 && factors[i] != 2) fail("a factor that is neither");
        dropped += factors[i] == 0;
    }

    if (std::abs(dropped - 0.3 * COUNT) > 5 * std::sqrt(0.21 * COUNT)) fail(std::to_string(dropped) + " of 9001 dropped");
}

LAW(record_gathers_numbers_row_after_row) {
    Values<int> counter(1);
    Values<float> ring(3 * 2), loss(1), accuracy(1);
    ring.fill([] { return -1.0f; });
    loss.fill(ordinary);
    accuracy.fill(ordinary);
    Values<Memory> sources(2, true);
    sources.host = {loss.memory(), accuracy.memory()};
    sources.upload();
    for (int step = 0; step < 5; step++) {
        counter.fill([=] { return step; });
        std::vector<float> rows = in_both_orders<float>("record", ring, [&] { launch("record", RecordBlock{ring.memory(), counter.memory(), sources.device, 2, 3}, 1, 1, THREADS); });
        for (int place = 0; place < 3; place += 2)
            if (rows[place * 6 + step % 3 * 2] != loss.at(place)[0] || rows[place * 6 + step % 3 * 2 + 1] != accuracy.at(place)[0]) fail("not the numbers of the place");
    }
}
