// The operator's log: one line an event, for people on a terminal and as JSON elsewhere.
//
//     log.info("web", "listening", {{"address", "127.0.0.1:3000"}});
//
// Says what happened and to what, never a password, a token or a whole request. Lines with a trace
// can be found from the id that an error page shows. Thread-safe; a line costs some microseconds, so it is
// for what happens rarely: requests are counted (metrics.h), and logged when they fail or are slow.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "kit/base/result.h"
#include "kit/base/trace.h"

namespace jebi::watch {

enum class Level : std::uint8_t { debug, info, warning, error };
enum class Format : std::uint8_t { text, json };

// "debug", ...; nothing when it is none of them.
std::optional<Level> level_from(std::string_view name);

struct Field {
    std::string_view key;
    std::variant<std::string_view, std::int64_t, double> value;
};
using Fields = std::initializer_list<Field>;

class Log {
public:
    // To standard error.
    Log(Level from, Format format);
    // To a function of the test's, line by line.
    Log(Level from, Format format, std::function<void(std::string_view)> sink);
    ~Log();

    void debug(std::string_view room, std::string_view what, Fields fields = {}) {
        line(Level::debug, room, what, fields);
    }
    void info(std::string_view room, std::string_view what, Fields fields = {}) {
        line(Level::info, room, what, fields);
    }
    void warning(std::string_view room, std::string_view what, Fields fields = {}) {
        line(Level::warning, room, what, fields);
    }
    void error(std::string_view room, std::string_view what, Fields fields = {}) {
        line(Level::error, room, what, fields);
    }
    // With the error's code, message and detail, and the trace that it belongs to.
    void failure(std::string_view room, std::string_view what, const Error& error, const Trace& trace);

private:
    void line(Level level, std::string_view room, std::string_view what, Fields fields);
    struct Sink;
    std::unique_ptr<Sink> sink_;
    Level from_;
    Format format_;
};

}  // namespace jebi::watch
