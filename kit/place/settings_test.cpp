#include "kit/place/settings.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

using namespace jebi;
using namespace jebi::place;

namespace {

std::vector<Setting> known() {
    return {
        {.name = "listen", .standard = "127.0.0.1:3000", .help = "where"},
        {.name = "log.level", .standard = "info", .help = "from which level", .choices = {"debug", "info"}},
        {.name = "loops",
         .kind = Setting::Kind::integer,
         .standard = "0",
         .help = "how many",
         .min = 0,
         .max = 64},
        {.name = "dev", .kind = Setting::Kind::flag, .standard = "false", .help = "for development"},
    };
}

// A file that goes away with the test.
struct File {
    explicit File(const std::string& content) { std::ofstream{path} << content; }
    ~File() { std::remove(path.c_str()); }
    std::string path = "/tmp/jebi-settings-" + std::to_string(::getpid()) + ".toml";
};

std::string refusal(const Sources& sources) {
    const auto settings = Settings::load(known(), sources);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().code == Code::invalid);
    return settings.error().message;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("flags win over the environment, the environment over the file, the file over what is built in") {
    const File file{"listen = \"file:1\"\nloops = 1\n[log]\nlevel = \"debug\"\n"};
    const auto settings =
        Settings::load(
            known(),
            {.file = file.path,
             .environment = {{"JEBI_LISTEN", "environment:1"}, {"JEBI_LOOPS", "2"}, {"PATH", "/bin"}},
             .flags = {{"loops", "3"}}})
            .value();
    CHECK(settings.integer("loops") == 3);
    CHECK(settings.text("listen") == "environment:1");
    CHECK(settings.text("log.level") == "debug");
    CHECK_FALSE(settings.flag("dev"));
    const auto shown = settings.shown();
    CHECK(shown[0].origin == "JEBI_LISTEN");
    CHECK(shown[1].origin == file.path + ":4");
    CHECK(shown[2].origin == "--loops");
    CHECK(shown[3].origin == "built in");
}

TEST_CASE("an unknown key is refused with its place and the nearest name") {
    const File file{"\nlisten = \"a:1\"\nlog.levle = \"info\"\n"};
    const std::string message = refusal({.file = file.path});
    CHECK(has(message, file.path + ":3"));
    CHECK(has(message, "Did you mean \"log.level\"?"));
    CHECK(has(refusal({.environment = {{"JEBI_LISTN", "x"}}}), "Did you mean \"JEBI_LISTEN\"?"));
    CHECK(has(refusal({.environment = {{"JEBI_SOMETHING_ELSE", "x"}}}), "jebi config show"));
}

TEST_CASE("a value of the wrong kind or out of its bounds is refused with what would be right") {
    CHECK(has(refusal({.flags = {{"loops", "65"}}}), "from 0 to 64"));
    CHECK(has(refusal({.flags = {{"loops", "two"}}}), "--loops"));
    CHECK(has(refusal({.flags = {{"loops", "1x"}}}), "whole number"));
    CHECK(has(refusal({.environment = {{"JEBI_DEV", "yes"}}}), "true or false"));
    CHECK(has(refusal({.environment = {{"JEBI_LOG_LEVEL", "loud"}}}), "debug, info"));
}

TEST_CASE("a file that is no TOML, holds what no setting takes, or is not there is refused") {
    CHECK(has(refusal({.file = "/nonexistent.toml"}), "cannot be read"));
    const File broken{"listen = \n"};
    CHECK(has(refusal({.file = broken.path}), broken.path + ":1"));
    const File list{"listen = [1, 2]\n"};
    CHECK(has(refusal({.file = list.path}), "must be text"));
}

TEST_CASE("names of variables and flags follow from the setting's name") {
    CHECK(variable_of("log.level") == "JEBI_LOG_LEVEL");
    CHECK(flag_of("accounts.session_days") == "--accounts-session-days");
}
