#include "harness.h"

#include <algorithm>
#include <array>
#include <memory>

static int code(Kind kind, int index) { return kind | index; }

static float once(int operation, float a, float b) {
    switch (operation) {
    case NEGATE: return -a;
    case SQRT: return std::sqrt(a);
    case ADD: return a + b;
    case SUBTRACT: return a - b;
    case MULTIPLY: return a * b;
    case DIVIDE: return a / b;
    case MAXIMUM: return std::isnan(a) ? a : std::isnan(b) ? b : std::max(a, b);
    case GREATER: return a > b;
    case EQUAL_TO: return a == b;
    default: return a;
    }
}

// A random chain over a random shape: views that are stretched, transposed or rows of a table, results used again and again, several stores. All its operations round exactly, so the bits must
// be those of the same operations one after the other.
static void one_chain() {
    const int OPERATIONS[] = {COPY, NEGATE, SQRT, ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, GREATER, EQUAL_TO};
    ChainBlock block{};
    block.axes = whole(1, AXES);
    block.count = 1;
    for (int axis = 0; axis < AXES; axis++) {
        block.shape[axis] = axis >= block.axes ? 1 : whole(0, 3) == 0 ? 1 : whole(1, axis == 0 ? 40 : 5);
        block.count *= block.shape[axis];
    }

    auto step_of = [&](int axis) {
        int step = 1;
        for (int after = axis + 1; after < block.axes; after++) step *= block.shape[after];
        return step;
    };

    const int READ = 4;
    std::vector<std::unique_ptr<Values<float>>> memory;
    std::vector<std::unique_ptr<Values<int>>> tables;
    std::vector<View> views;
    for (int i = 0; i < READ; i++) {
        View view{};
        bool isChosen = whole(0, 2) == 0;
        int rowWidth = block.count / block.shape[0], bound = whole(1, 6), size = 1;
        for (int axis = block.axes - 1; axis >= 0; axis--) {
            bool isStretched = whole(0, 2) == 0;
            view.steps[axis] = isStretched ? 0 : size;
            if (!isStretched) size *= block.shape[axis];
        }

        if (isChosen) {
            view.steps[0] = 0;
            view.row = rowWidth;
            size = bound * rowWidth;
            tables.push_back(std::make_unique<Values<int>>(block.shape[0], whole(0, 1) == 1));
            tables.back()->fill([=] { return whole(0, bound - 1); });
            view.chosen = tables.back()->memory();
        }

        memory.push_back(std::make_unique<Values<float>>(size, whole(0, 3) == 0));
        memory.back()->fill(ordinary);
        view.memory = memory.back()->memory();
        views.push_back(view);
    }

    std::vector<float> constants = {0.5f, -2, 0};
    const int LINKS = whole(1, 20);
    std::vector<Link> links;
    std::vector<int> holder(SLOTS, -1); // which link's result a slot holds
    std::vector<std::array<int, 2>> earlier; // the links that each argument means
    std::vector<int> stored;
    for (int i = 0; i < LINKS; i++) {
        Link link{};
        std::array<int, 2> means{-1, -1};
        auto argument = [&](int which) {
            int kind = whole(0, 3);
            if (kind == 0) return code(VIEW, whole(0, READ - 1));
            if (kind == 1) return code(NUMBER, whole(0, 2));
            std::vector<int> full;
            for (int slot = 0; slot < SLOTS; slot++)
                if (holder[slot] >= 0) full.push_back(slot);
            if (full.empty()) return code(VIEW, whole(0, READ - 1));
            int slot = full[whole(0, static_cast<int>(full.size()) - 1)];
            means[which] = holder[slot];
            return code(SLOT, slot);
        };
        link.a = argument(0);
        link.b = argument(1);
        int operation = OPERATIONS[whole(0, 9)], slot = whole(0, 9) == 0 ? SLOTS - 1 : whole(0, 3);
        if (operation < ADD) link.b = link.a;
        holder[slot] = i;
        link.operation = operation | slot << 8;
        link.store = -1;
        if (i == LINKS - 1 || whole(0, 3) == 0) {
            View view{};
            for (int axis = 0; axis < block.axes; axis++) view.steps[axis] = step_of(axis);
            memory.push_back(std::make_unique<Values<float>>(block.count));
            memory.back()->fill(ordinary);
            view.memory = memory.back()->memory();
            link.store = static_cast<int>(views.size());
            views.push_back(view);
        }

        stored.push_back(link.store);
        links.push_back(link);
        earlier.push_back(means);
    }

    Values<Link> linkMemory(links.size(), true);
    linkMemory.host = links;
    linkMemory.upload();
    Values<View> viewMemory(views.size(), true);
    viewMemory.host = views;
    viewMemory.upload();
    Values<float> numberMemory(constants.size(), true);
    numberMemory.host = constants;
    numberMemory.upload();
    block.links = linkMemory.device;
    block.views = viewMemory.device;
    block.numbers = numberMemory.device;
    block.linkCount = LINKS;

    std::vector<std::vector<float>> results;
    for (size_t i = READ; i < views.size(); i++)
        results.push_back(in_both_orders<float>("chain", *memory[i], [&] { launch("chain", block, parts(block.count, CHAIN_THREADS * CHAIN_LANES), 1, CHAIN_THREADS); }));

    for (int place = 0; place < 3; place += 2)
        for (int element = 0; element < block.count; element++) {
            int position[AXES];
            for (int axis = AXES - 1, rest = element; axis >= 0; axis--) position[axis] = rest % block.shape[axis], rest /= block.shape[axis];
            auto read = [&](int index) {
                const View &view = views[index];
                long long offset = 0;
                for (int axis = 0; axis < AXES; axis++) offset += static_cast<long long>(position[axis]) * view.steps[axis];
                for (auto &table : tables)
                    if (view.chosen.address == table->device) offset += static_cast<long long>(table->at(place)[position[0]]) * view.row;
                return memory[index]->at(place)[offset];
            };
            std::vector<float> values(LINKS);
            for (int i = 0; i < LINKS; i++) {
                auto argument = [&](int code, int means) {
                    return (code & 0xff000000) == VIEW ? read(code & 0xffffff) : (code & 0xff000000) == NUMBER ? constants[code & 0xffffff] : values[means];
                };
                float a = argument(links[i].a, earlier[i][0]);
                float b = links[i].b == links[i].a ? a : argument(links[i].b, earlier[i][1]);
                values[i] = once(links[i].operation & 0xff, a, b);
                if (stored[i] < 0) continue;
                float got = results[stored[i] - READ][place * memory[stored[i]]->stride + element];
                if (std::memcmp(&got, &values[i], 4) != 0 && !(std::isnan(got) && std::isnan(values[i])))
                    fail("element " + std::to_string(element) + " of link " + std::to_string(i) + " is " + std::to_string(got) + ", not " + std::to_string(values[i]));
            }
        }
}

LAW(chain_gives_the_bits_of_its_operations_one_by_one) {
    for (int i = 0; i < 150; i++) one_chain();
}

// Error in units of the last place of the nearest float32.
static double units(float value, double exact) {
    if (std::isnan(exact)) return std::isnan(value) ? 0 : 1e9;
    float nearest = static_cast<float>(exact);
    if (value == nearest) return 0;
    if (!std::isfinite(value) || !std::isfinite(nearest)) return 1e9;
    int exponent;
    std::frexp(exact, &exponent);
    return std::abs(value - exact) / std::ldexp(1.0, std::max(exponent, -125) - 24);
}

static void one_function(int operation, double (*exact)(double), double most) {
    const int COUNT = 200000;
    Values<float> x(COUNT), y(COUNT);
    x.fill([] {
        unsigned word = static_cast<unsigned>(random_source());
        float any;
        std::memcpy(&any, &word, 4);
        return whole(0, 1) ? any : ordinary() * 4;
    });
    const float EDGES[] = {0, -0.0f, 1, -1, INFINITY, -INFINITY, NAN, 88.7228f, 88.7229f, -87.3f, -103.9f, -104, 9.02f, 4, 1e-40f, 1.17549435e-38f, 3.4028235e38f};
    std::copy(std::begin(EDGES), std::end(EDGES), x.host.begin());
    x.upload();
    y.fill(ordinary);
    Values<Link> link(1, true);
    link.host[0] = {operation, code(VIEW, 0), code(VIEW, 0), 1};
    link.upload();
    Values<View> views(2, true);
    views.host[0] = {x.memory(), {}, {1}, 0, 0};
    views.host[1] = {y.memory(), {}, {1}, 0, 0};
    views.upload();
    ChainBlock block{link.device, views.device, 0, {COUNT, 1, 1, 1, 1, 1}, 1, 1, COUNT, 0};
    launch("chain", block, parts(COUNT, 1024), 1, CHAIN_THREADS);
    std::vector<float> got = y.download();
    for (int i = 0; i < COUNT; i++) {
        double error = units(got[i], exact(x.host[i]));
        if (error > most) fail(std::to_string(x.host[i]) + " gives " + std::to_string(got[i]) + ", " + std::to_string(error) + " units beside");
    }
}

LAW(chain_exp_is_within_a_unit) { one_function(EXP, std::exp, 0.9); }
LAW(chain_log_is_within_a_unit) { one_function(LOG, std::log, 0.9); }
LAW(chain_tanh_is_within_a_unit) { one_function(TANH, std::tanh, 1.0); }
LAW(chain_erf_is_within_two_units) { one_function(ERF, std::erf, 1.2); }
LAW(chain_sqrt_is_the_nearest) { one_function(SQRT, std::sqrt, 0.5); }
