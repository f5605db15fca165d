#include "kit/watch/log.h"

#include <doctest/doctest.h>

#include "kit/base/json.h"

using namespace jebi;
using namespace jebi::watch;

namespace {

struct Lines {
    std::vector<std::string> all;
    std::function<void(std::string_view)> sink() {
        return [this](std::string_view line) { all.emplace_back(line); };
    }
};

}  // namespace

TEST_CASE("a line below the level is not written") {
    Lines lines;
    Log log{Level::warning, Format::text, lines.sink()};
    log.info("web", "quiet");
    log.warning("web", "loud");
    REQUIRE(lines.all.size() == 1);
    CHECK(lines.all[0].find("warning web: loud") != std::string::npos);
}

TEST_CASE("a JSON line is one JSON object, whatever is in its fields") {
    Lines lines;
    Log log{Level::info, Format::json, lines.sink()};
    log.info("web", "a \"message\"\n",
             {{"text", "line\nbreak {} %s"}, {"count", std::int64_t{3}}, {"share", 0.5}});
    REQUIRE(lines.all.size() == 1);
    const auto value = json::parse(lines.all[0]).value();
    CHECK(*value.find("text")->text() == "line\nbreak {} %s");
    CHECK(value.find("count")->integer() == 3);
    CHECK(*value.find("room")->text() == "web");
}

TEST_CASE("what comes from outside cannot forge a line of text") {
    Lines lines;
    Log log{Level::info, Format::text, lines.sink()};
    log.info("web", "refused", {{"name", "x\n2026 error web: forged"}});
    REQUIRE(lines.all.size() == 1);
    CHECK(lines.all[0].find('\n') == std::string::npos);
}

TEST_CASE("a failure is written with its trace, and is an error only when it is ours") {
    Lines lines;
    Log log{Level::info, Format::text, lines.sink()};
    const Trace trace = Trace::start();
    log.failure("sql", "write", error(Code::internal, "It broke.").detailed("disk on fire"), trace);
    log.failure("sql", "write", error(Code::unavailable, "Gone."), trace);
    CHECK(lines.all[0].find(" error sql") != std::string::npos);
    CHECK(lines.all[0].find("disk on fire") != std::string::npos);
    CHECK(lines.all[0].find(trace.id_hex()) != std::string::npos);
    CHECK(lines.all[1].find(" warning sql") != std::string::npos);
}
