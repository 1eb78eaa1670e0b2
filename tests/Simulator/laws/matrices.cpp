#include "harness.h"

static void one_product(const char *name, double tolerance, int m, int k, int n, int batches) {
    MatMulBlock block{};
    block.m = m;
    block.k = k;
    block.n = n;
    block.batches = batches;
    bool transposesLeft = whole(0, 1), transposesRight = whole(0, 1);
    block.leftRow = transposesLeft ? 1 : k;
    block.leftInner = transposesLeft ? m : 1;
    block.rightInner = transposesRight ? 1 : n;
    block.rightColumn = transposesRight ? k : 1;
    block.outputRow = n;
    block.leftBatch = static_cast<Elements>(m) * k;
    block.rightBatch = whole(0, 3) == 0 ? 0 : static_cast<Elements>(k) * n; // a stride of 0: one matrix for all
    block.outputBatch = static_cast<Elements>(m) * n;
    block.add = whole(0, 1);
    Values<float> left(static_cast<size_t>(m) * k * batches), right(static_cast<size_t>(k) * n * batches), output(static_cast<size_t>(m) * n * batches);
    left.fill(ordinary);
    right.fill(ordinary);
    output.fill(ordinary);
    block.left = left.memory();
    block.right = right.memory();
    block.output = output.memory();
    bool isPlain = std::string(name) == "matmul_plain";
    unsigned blocks = isPlain ? parts(static_cast<long long>(m) * n, THREADS) : parts(m, 64) * parts(n, 64);
    std::vector<float> products = in_both_orders<float>(name, output, [&] { launch(name, block, blocks, batches, isPlain ? THREADS : 128); });
    double error = 0, size = 0;
    for (int place = 0; place < 3; place += 2)
        for (int batch = 0; batch < batches; batch++)
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++) {
                    size_t cell = batch * block.outputBatch + i * n + j;
                    double sum = block.add ? output.at(place)[cell] : 0, magnitude = std::abs(sum);
                    for (int inner = 0; inner < k; inner++) {
                        double term = static_cast<double>(left.at(place)[batch * block.leftBatch + i * block.leftRow + inner * block.leftInner]) *
                                      right.at(place)[batch * block.rightBatch + inner * block.rightInner + j * block.rightColumn];
                        sum += term;
                        magnitude += std::abs(term);
                    }

                    double difference = products[place * output.stride + cell] - sum;
                    if (!std::isfinite(difference)) fail(std::string(name) + " gives NaN");
                    error += difference * difference;
                    size += magnitude * magnitude;
                }
    // Against the sum of the terms' magnitudes: at most 2^-11 for each factor of TF32; a few roundings of 2^-24 otherwise.
    if (std::sqrt(error) > tolerance * std::sqrt(size)) fail(std::string(name) + ": relative error " + std::to_string(std::sqrt(error / size) * 1e6) + "e-6 for " + std::to_string(m) + " x " + std::to_string(k) + " x " + std::to_string(n));
    if (std::string(name) == "matmul_tf32" && m * k * n > 1000 && std::sqrt(error) < 1e-5 * std::sqrt(size)) fail("matmul_tf32 is more exact than TF32 can be");
}

static void products(const char *name, double tolerance) {
    for (int m : {1, 16, 63, 65})
        for (int n : {1, 8, 64, 70})
            for (int k : {1, 8, 17, 50}) one_product(name, tolerance, m, k, n, 1);
    for (int i = 0; i < 20; i++) one_product(name, tolerance, whole(1, 40), whole(1, 40), whole(1, 40), whole(1, 3));
    one_product(name, tolerance, 130, 200, 135, 1);
}

LAW(matmul_tf32_multiplies_rounded_numbers) { products("matmul_tf32", 9.8e-4); }

LAW(matmul_single_is_as_exact_as_float32) { products("matmul_single", 6e-7); }

LAW(matmul_plain_is_as_exact_as_float32) { products("matmul_plain", 6e-7); }
