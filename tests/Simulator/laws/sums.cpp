#include "harness.h"

// Random axes, kept and summed interleaved, strides 0 (a stretched input) among them.
static void one_sum(SumTarget target) {
    SumBlock block{};
    int rank = whole(1, 5), size = 1, kept = 0, summed = 0;
    for (int axis = 0; axis < AXES; axis++) block.kept[axis] = block.summed[axis] = 1;
    std::vector<int> lengths(rank), steps(rank);
    for (int axis = rank - 1; axis >= 0; axis--) {
        lengths[axis] = whole(0, 3) == 0 ? 1 : whole(1, 9);
        steps[axis] = whole(0, 9) == 0 ? 0 : size;
        size *= lengths[axis];
    }

    for (int axis = 0; axis < rank; axis++) {
        bool keep = whole(0, 1) == 1;
        (keep ? block.kept : block.summed)[keep ? kept : summed] = lengths[axis];
        (keep ? block.keptSteps : block.summedSteps)[keep ? kept++ : summed++] = steps[axis];
    }

    if (whole(0, 3) == 0) { // one long axis, past the threads of a block
        size = whole(250, 1100);
        block.summed[0] = size;
        block.summedSteps[0] = 1;
        for (int axis = 0; axis < AXES; axis++) block.kept[axis] = axis > 0 && axis < 1 ? 2 : 1, block.summed[axis] = axis == 0 ? size : 1;
    }

    block.outputs = block.terms = 1;
    for (int axis = 0; axis < AXES; axis++) block.outputs *= block.kept[axis], block.terms *= block.summed[axis];
    block.lanes = 1 << whole(0, 8);
    block.across = whole(0, 1);
    block.target = target;
    bool isDouble = target == SET_DOUBLE || target == ADD_DOUBLE;
    Values<float> input(size);
    input.fill(ordinary);
    Values<float> singles(block.outputs);
    Values<double> doubles(block.outputs);
    singles.fill(ordinary);
    doubles.fill([] { return static_cast<double>(ordinary()); });
    block.input = input.memory();
    block.output = isDouble ? doubles.memory() : singles.memory();
    auto act = [&] { launch("sum", block, parts(block.outputs, THREADS / block.lanes), 1, THREADS); };
    std::vector<float> single = in_both_orders<float>("sum", singles, act);
    std::vector<double> twice = in_both_orders<double>("sum", doubles, act);
    for (int place = 0; place < 3; place += 2)
        for (int output = 0; output < block.outputs; output++) {
            auto offset = [](int number, const int *lengths, const int *steps) {
                long long at = 0;
                for (int axis = AXES - 1; axis >= 0; axis--) at += static_cast<long long>(number % lengths[axis]) * steps[axis], number /= lengths[axis];
                return at;
            };
            double sum = target == ADD_DOUBLE ? doubles.at(place)[output] : target == ADD_SINGLE ? singles.at(place)[output] : 0;
            for (int term = 0; term < block.terms; term++) sum += input.at(place)[offset(output, block.kept, block.keptSteps) + offset(term, block.summed, block.summedSteps)];
            if (isDouble)
                near("sum", twice[place * doubles.stride + output], sum, 1e-12);
            else
                near("sum", single[place * singles.stride + output], sum, 1.2e-7);
        }
}

LAW(sum_adds_in_float64) {
    for (int i = 0; i < 60; i++) one_sum(static_cast<SumTarget>(i % 4));
}

LAW(sum_goes_on_beyond_a_block_of_outputs) {
    for (int lanes : {1, 8, 256}) {
        SumBlock block{};
        for (int axis = 0; axis < AXES; axis++) block.kept[axis] = block.summed[axis] = 1;
        block.outputs = block.kept[0] = 301;
        block.terms = block.summed[0] = 7;
        block.keptSteps[0] = 1;
        block.summedSteps[0] = 301;
        block.lanes = lanes;
        Values<float> input(7 * 301), output(301);
        input.fill(ordinary);
        output.fill(ordinary);
        block.input = input.memory();
        block.output = output.memory();
        std::vector<float> sums = in_both_orders<float>("sum", output, [&] { launch("sum", block, parts(301, THREADS / lanes), 1, THREADS); });
        for (int column = 0; column < 301; column++) {
            double sum = 0;
            for (int row = 0; row < 7; row++) sum += input.at(2)[row * 301 + column];
            near("sum", sums[2 * 301 + column], sum, 1.2e-7);
        }
    }
}

LAW(round_sums_rounds_to_the_nearest) {
    Values<double> sums(300);
    Values<float> target(300);
    sums.fill([] { return std::normal_distribution<double>(0, 1)(random_source); });
    target.fill(ordinary);
    RoundBlock block{sums.memory(), target.memory(), 300, 0};
    std::vector<float> rounded = in_both_orders<float>("round_sums", target, [&] { launch("round_sums", block, 2, 1, THREADS); });
    for (int i = 0; i < 300; i++)
        if (rounded[i] != static_cast<float>(sums.host[i])) fail("not the nearest");
}
