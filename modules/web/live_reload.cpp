#include "modules/web/live_reload.h"

#include <filesystem>

#include "kit/base/trace.h"

namespace jebi::web {

namespace {

constexpr Millis look_every{300};

// When the newest of the source files was written.
std::filesystem::file_time_type newest() {
    std::error_code ignored;
    auto latest = std::filesystem::file_time_type::min();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_folder, ignored)) {
        if (entry.is_regular_file(ignored)) latest = std::max(latest, entry.last_write_time(ignored));
    }
    return latest;
}

void tell_changes(http::BodyWriter& out) {
    static const std::string boot = Trace::start().id_hex();
    auto known = newest();
    if (!out.write("event: boot\ndata: " + boot + "\n\n")) return;
    while (out.wait_until(in(look_every))) {
        const auto now = newest();
        if (now == known) continue;
        known = now;
        if (!out.write("event: reload\ndata: changed\n\n")) return;
    }
}

}  // namespace

void bind_live_reload(http::Router& router) {
    router.on(http::Method::get, "/dev/reload", [](const http::Request&) {
        http::Response response;
        response.fields.add("Content-Type", "text/event-stream");
        response.fields.add("Cache-Control", "no-store");
        response.stream = tell_changes;
        return response;
    });
}

}  // namespace jebi::web
