// A monkey's report, for people and for programs.
#include <algorithm>
#include <array>
#include <cstdio>

#include "kit/base/json.h"
#include "kit/chaos/monkey.h"

namespace jebi::chaos {

namespace {

constexpr std::size_t line_bytes_max = 200;

template <typename... Values>
std::string line(const char* format, Values... values) {
    std::array<char, line_bytes_max> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

double seconds(Millis time) {
    return static_cast<double>(time.count()) / 1'000;
}

std::string became_of(const Blow& blow) {
    if (!blow.failure.empty()) return "could not be done: " + blow.failure;
    if (!blow.well_after) return "was not well again";
    return line("well after %.3f s", seconds(*blow.well_after));
}

std::string line_of(const Blow& blow) {
    return line("  %8.1f s  %-10s %-16s ", seconds(blow.at), std::string(name(blow.fault.kind)).c_str(),
                blow.target.c_str()) +
           became_of(blow) +
           line("; walks that failed at first: %llu\n", static_cast<unsigned long long>(blow.first_failures));
}

std::string line_of(const JourneySeen& journey) {
    std::string text = line(
        "  %-16s %8llu walks  %7.3f %% good at the first try, %7.3f %% with one retry, "
        "%llu failed; the longest took %.3f s\n",
        journey.name.c_str(), static_cast<unsigned long long>(journey.walks), 100 * journey.first_share(),
        100 * journey.share(), static_cast<unsigned long long>(journey.failed()), seconds(journey.longest));
    if (!journey.last_failure.empty()) text += "    the last failure: " + journey.last_failure + "\n";
    return text;
}

// From best to worst, of those that were well again.
std::vector<Millis> recoveries(const Report& report) {
    std::vector<Millis> times;
    for (const Blow& blow : report.blows) {
        if (blow.well_after) times.push_back(*blow.well_after);
    }
    std::ranges::sort(times);
    return times;
}

void write(json::Writer& out, const Blow& blow) {
    out.begin_object().key("target").string(blow.target).key("fault").string(name(blow.fault.kind));
    out.key("at_ms").integer(blow.at.count()).key("failure").string(blow.failure).key("well_after_ms");
    if (blow.well_after) {
        out.integer(blow.well_after->count());
    } else {
        out.null();
    }
    out.key("first_failures").integer(static_cast<std::int64_t>(blow.first_failures)).end_object();
}

void write(json::Writer& out, const JourneySeen& journey) {
    out.begin_object().key("name").string(journey.name);
    out.key("walks").integer(static_cast<std::int64_t>(journey.walks));
    out.key("first").integer(static_cast<std::int64_t>(journey.first));
    out.key("second").integer(static_cast<std::int64_t>(journey.second));
    out.key("longest_ms").integer(journey.longest.count());
    out.key("last_failure").string(journey.last_failure).end_object();
}

}  // namespace

std::string text_of(const Report& report) {
    std::string text = line("%zu faults in %.1f s (seed %llu)\n", report.blows.size(), seconds(report.took),
                            static_cast<unsigned long long>(report.seed));
    for (const Blow& blow : report.blows)
        text += line_of(blow);
    if (const auto times = recoveries(report); !times.empty())
        text += line("Well again after %.3f s in the median, %.3f s at worst.\n",
                     seconds(times[times.size() / 2]), seconds(times.back()));
    if (!report.journeys.empty()) text += "What users saw:\n";
    for (const JourneySeen& journey : report.journeys)
        text += line_of(journey);
    return text;
}

std::string json_of(const Report& report) {
    json::Writer out;
    out.begin_object().key("seed").integer(static_cast<std::int64_t>(report.seed));
    out.key("took_ms").integer(report.took.count()).key("faults").begin_array();
    for (const Blow& blow : report.blows)
        write(out, blow);
    out.end_array().key("journeys").begin_array();
    for (const JourneySeen& journey : report.journeys)
        write(out, journey);
    return out.end_array().end_object().take();
}

}  // namespace jebi::chaos
