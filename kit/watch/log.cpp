#include "kit/watch/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "kit/base/clock.h"
#include "kit/base/json.h"

namespace jebi::watch {

namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};

std::string_view name(Level level) {
    return level_names[static_cast<std::size_t>(level)];
}

void write_value(json::Writer& out, const Field& field) {
    out.key(field.key);
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
        out.string(*text);
    } else if (const auto* whole = std::get_if<std::int64_t>(&field.value)) {
        out.integer(*whole);
    } else {
        out.number(std::get<double>(field.value));
    }
}

std::string json_line(Level level, std::string_view room, std::string_view what, Fields fields) {
    json::Writer out;
    out.begin_object();
    out.key("time").string(iso8601(SystemClock{}.wall_ms())).key("level").string(name(level));
    out.key("room").string(room).key("message").string(what);
    for (const Field& field : fields)
        write_value(out, field);
    out.end_object();
    return out.take();
}

// What comes from outside may hold line breaks or escape sequences; quoted, it cannot forge a line.
std::string shown(const Field& field) {
    if (const auto* whole = std::get_if<std::int64_t>(&field.value)) return std::to_string(*whole);
    if (const auto* number = std::get_if<double>(&field.value)) return std::to_string(*number);
    const std::string_view text = std::get<std::string_view>(field.value);
    const bool plain =
        !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c != '"' && c != 127; });
    if (plain) return std::string(text);
    std::string quoted;
    json::append_quoted(quoted, text);
    return quoted;
}

std::string text_line(Level level, std::string_view room, std::string_view what, Fields fields) {
    std::string line = iso8601(SystemClock{}.wall_ms());
    line.append(" ").append(name(level)).append(" ").append(room).append(": ").append(what);
    for (const Field& field : fields)
        line.append("  ").append(field.key).append("=").append(shown(field));
    return line;
}

class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit FunctionSink(std::function<void(std::string_view)> to) : to_(std::move(to)) {}

private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        to_({message.payload.data(), message.payload.size()});
    }
    void flush_() override {}
    std::function<void(std::string_view)> to_;
};

}  // namespace

struct Log::Sink {
    explicit Sink(spdlog::sink_ptr to) : logger("jebi", std::move(to)) {
        logger.set_pattern("%v");
        logger.set_level(spdlog::level::trace);
        logger.flush_on(spdlog::level::trace);
    }
    spdlog::logger logger;
};

std::optional<Level> level_from(std::string_view wanted) {
    for (std::size_t i = 0; i < level_names.size(); ++i) {
        if (level_names[i] == wanted) return static_cast<Level>(i);
    }
    return std::nullopt;
}

Log::Log(Level from, Format format)
    : sink_(std::make_unique<Sink>(std::make_shared<spdlog::sinks::stderr_sink_mt>())),
      from_(from),
      format_(format) {}

Log::Log(Level from, Format format, std::function<void(std::string_view)> sink)
    : from_(from), format_(format) {
    sink_ = std::make_unique<Sink>(std::make_shared<FunctionSink>(std::move(sink)));
}

Log::~Log() = default;

void Log::line(Level level, std::string_view room, std::string_view what, Fields fields) {
    if (level < from_) return;
    const std::string line =
        format_ == Format::json ? json_line(level, room, what, fields) : text_line(level, room, what, fields);
    sink_->logger.log(spdlog::level::info, spdlog::string_view_t{line.data(), line.size()});
}

void Log::failure(std::string_view room, std::string_view what, const Error& error, const Trace& trace) {
    line(error.code == Code::internal ? Level::error : Level::warning, room, what,
         {{"code", jebi::name(error.code)},
          {"reason", error.reason},
          {"error", error.message},
          {"detail", error.detail},
          {"trace", trace.id_hex()}});
}

}  // namespace jebi::watch
