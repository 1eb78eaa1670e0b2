#include "harness.h"

#include <tuple>

// A quadratic network with random weights on random samples, and its forward and backward pass in float64.
struct Network {
    int count, width, classes, modulus;
    float scale = 0.37f, factor = 0.61f;
    Values<float> first, second, weights, scaled, squares, residual, weightGradient, firstGradient, secondGradient;
    Values<int> firstIndices, secondIndices, labels;

    Network(int count, int width, int classes, int modulus)
        : count(count), width(width), classes(classes), modulus(modulus), first(static_cast<size_t>(modulus) * width), second(static_cast<size_t>(modulus) * width), weights(static_cast<size_t>(classes) * width),
          scaled(static_cast<size_t>(count) * classes), squares(static_cast<size_t>(count) * classes), residual(static_cast<size_t>(count) * classes), weightGradient(static_cast<size_t>(classes) * width),
          firstGradient(static_cast<size_t>(modulus) * width), secondGradient(static_cast<size_t>(modulus) * width), firstIndices(count), secondIndices(count), labels(count) {
        for (Values<float> *values : {&first, &second, &weights, &scaled, &squares, &residual, &weightGradient, &firstGradient, &secondGradient}) values->fill(ordinary);
        firstIndices.fill([=] { return whole(0, modulus - 1); });
        secondIndices.fill([=] { return whole(0, modulus - 1); });
        labels.fill([=] { return whole(0, classes - 1); });
    }

    double z(int place, int sample, int neuron) {
        return first.at(place)[static_cast<size_t>(firstIndices.at(place)[sample]) * width + neuron] + second.at(place)[static_cast<size_t>(secondIndices.at(place)[sample]) * width + neuron];
    }
};

// The largest error, relative to what its terms add up to without their signs.
static void compare(const std::string &name, const std::vector<float> &got, const std::vector<double> &expected, const std::vector<double> &magnitudes, size_t at, double tolerance) {
    for (size_t i = 0; i < expected.size(); i++)
        if (!(std::abs(got[at + i] - expected[i]) <= tolerance * magnitudes[i] + 1e-30)) fail(name + ": element " + std::to_string(i) + " is " + std::to_string(got[at + i]) + " instead of " + std::to_string(expected[i]));
}

static const std::tuple<int, int, int, int> SIZES[] = {{1, 1, 2, 2}, {33, 5, 7, 7}, {70, 33, 13, 11}, {65, 40, 97, 97}, {40, 32, 128, 128}, {130, 64, 66, 65}};

static void forward(const char *kernel, double tolerance) {
    for (auto [count, width, classes, modulus] : SIZES) {
        Network net(count, width, classes, modulus);
        QuadraticForwardBlock block{net.first.memory(), net.second.memory(), net.firstIndices.memory(), net.secondIndices.memory(), net.weights.memory(), net.labels.memory(),
                                    net.scaled.memory(), net.squares.memory(), net.residual.memory(), count, width, classes, net.scale, net.factor, 0};
        auto act = [&] { launch(kernel, block, parts(count, 64) * parts(classes, 64), 1, 128); };
        std::vector<float> scaled = in_both_orders<float>(kernel, net.scaled, act), squares = in_both_orders<float>(kernel, net.squares, act), residual = in_both_orders<float>(kernel, net.residual, act);
        for (int place = 0; place < 3; place += 2) {
            std::vector<double> expected(static_cast<size_t>(count) * classes), magnitudes(expected.size());
            for (int sample = 0; sample < count; sample++)
                for (int c = 0; c < classes; c++)
                    for (int neuron = 0; neuron < width; neuron++) {
                        double z = net.z(place, sample, neuron), term = z * z * net.weights.at(place)[static_cast<size_t>(c) * width + neuron] * net.scale;
                        expected[static_cast<size_t>(sample) * classes + c] += term;
                        magnitudes[static_cast<size_t>(sample) * classes + c] += std::abs(term);
                    }
            compare(kernel, scaled, expected, magnitudes, place * net.scaled.stride, tolerance);
            for (size_t i = 0; i < expected.size(); i++) {
                float r = scaled[place * net.scaled.stride + i] - (net.labels.at(place)[i / classes] == static_cast<int>(i % classes) ? 1.0f : 0.0f);
                if (squares[place * net.squares.stride + i] != r * r || residual[place * net.residual.stride + i] != r * net.factor) fail("not what follows from the scaled output, bit by bit");
            }
        }

        // What nobody wants is not written.
        block.scaled = block.squares = Memory{0, 0};
        if (!same_bits(residual, in_both_orders<float>(kernel, net.residual, act))) fail("the residual depends on what else is written");
    }
}

static void backward(const char *kernel, double tolerance) {
    for (auto [count, width, classes, modulus] : SIZES) {
        Network net(count, width, classes, modulus);
        QuadraticBackwardBlock block{net.residual.memory(), net.weights.memory(), net.first.memory(), net.second.memory(), net.firstIndices.memory(), net.secondIndices.memory(),
                                     net.weightGradient.memory(), net.firstGradient.memory(), net.secondGradient.memory(), count, width, classes, modulus, net.factor, 0};
        auto act = [&] { launch(kernel, block, parts(width, 32), 1, THREADS); };
        std::vector<float> ofWeights = in_both_orders<float>(kernel, net.weightGradient, act), ofFirst = in_both_orders<float>(kernel, net.firstGradient, act), ofSecond = in_both_orders<float>(kernel, net.secondGradient, act);
        for (int place = 0; place < 3; place += 2) {
            size_t cells = static_cast<size_t>(classes) * width, rows = static_cast<size_t>(modulus) * width;
            std::vector<double> weights(cells), weightsSize(cells), first(rows), firstSize(rows), second(rows), secondSize(rows);
            for (int sample = 0; sample < count; sample++)
                for (int neuron = 0; neuron < width; neuron++) {
                    double z = net.z(place, sample, neuron), d = 0, dSize = 0;
                    for (int c = 0; c < classes; c++) {
                        double r = net.residual.at(place)[static_cast<size_t>(sample) * classes + c], term = r * net.weights.at(place)[static_cast<size_t>(c) * width + neuron];
                        d += term;
                        dSize += std::abs(term);
                        weights[static_cast<size_t>(c) * width + neuron] += r * z * z;
                        weightsSize[static_cast<size_t>(c) * width + neuron] += std::abs(r) * z * z;
                    }

                    size_t a = static_cast<size_t>(net.firstIndices.at(place)[sample]) * width + neuron, b = static_cast<size_t>(net.secondIndices.at(place)[sample]) * width + neuron;
                    first[a] += d * z * net.factor;
                    firstSize[a] += std::abs(dSize * z * net.factor);
                    second[b] += d * z * net.factor;
                    secondSize[b] += std::abs(dSize * z * net.factor);
                }
            compare(std::string(kernel) + ", weights", ofWeights, weights, weightsSize, place * net.weightGradient.stride, tolerance);
            compare(std::string(kernel) + ", first table", ofFirst, first, firstSize, place * net.firstGradient.stride, tolerance);
            compare(std::string(kernel) + ", second table", ofSecond, second, secondSize, place * net.secondGradient.stride, tolerance);
        }
    }
}

LAW(quadratic_forward_single_is_as_exact_as_float32) { forward("quadratic_forward_single", 2e-6); }
LAW(quadratic_forward_tf32_multiplies_rounded_numbers) { forward("quadratic_forward_tf32", 1.2e-3); }
LAW(quadratic_backward_single_is_as_exact_as_float32) { backward("quadratic_backward_single", 2e-6); }
LAW(quadratic_backward_tf32_multiplies_rounded_numbers) { backward("quadratic_backward_tf32", 1.7e-3); }
