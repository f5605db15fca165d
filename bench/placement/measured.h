// What the parts of the benchmark find, and what the report shows.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/twitter/people.h"

namespace jebi::bench {

struct Settings {
    std::uint32_t people = 1'001;
    int rounds = 5;
    double seconds = 2;       // of load, for each figure of a round
    int builds = 3;           // saved changes that are built and brought to run; 0: that is left out
    int hop_calls = 200'000;  // for each of the hop's figures
    std::string report;       // the file that is written
    std::string programs;     // the folder with jebi, jebi-tweets, ...
    std::string folder;       // of this run, removed at its end
};

// One line of the report: a value a round and topology; no values mean that it was not measured.
struct Figure {
    std::string id, what, unit;
    std::vector<double> monolith, split;
    std::string bar;  // what was promised; empty: nothing
    std::optional<bool> is_met;
};

enum class Works : std::uint8_t { no, with_notice, as_ever };

struct Page {
    std::string name;
    std::map<std::string, Works> without;  // by the module that is dead
};

// Lines of source by where they are.
struct Feature {
    std::string name, how;
    struct Part {
        std::string where;
        int files = 0, lines = 0;
    };
    std::vector<Part> parts;
};

struct Measured {
    std::vector<Figure> figures;
    // Of each load's id and topology: CPU us a request by process, the median of the rounds.
    std::map<std::string, std::map<std::string, double>> cpu_by_process;
    std::vector<std::string> modules;  // that were dead, one after the other
    std::vector<Page> pages;
    std::vector<Feature> features;
    std::string data;  // what the people are, in one line
    double load_before = 0, load_after = 0;

    Figure& add(std::string id, std::string what, std::string unit) {
        return figures.emplace_back(
            Figure{.id = std::move(id), .what = std::move(what), .unit = std::move(unit)});
    }
    const Figure* find(const std::string& id) const {
        for (const Figure& figure : figures)
            if (figure.id == id) return &figure;
        return nullptr;
    }
};

// The same site filled with the same people, for both topologies.
struct Filled {
    People people;
    std::vector<std::string> tokens;
};

}  // namespace jebi::bench
