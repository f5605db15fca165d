#include "kit/base/ids.h"
#include "modules/log_analytics/query/search.h"
#include "modules/log_analytics/service_state.h"

namespace jebi::log_analytics {

namespace {

constexpr Millis look_again{200};    // for new rows, and whether the client is still there
constexpr Millis heartbeat{15'000};  // so that proxies keep the connection
constexpr Millis query_max{2'000};
constexpr std::size_t rows_max =
    500;  // at once; who reads more slowly than rows come misses some, and is told

// The number of the newest row.
std::uint64_t newest_row(const Store& store) {
    const Snapshot snapshot = store.snapshot();
    return snapshot.parts.empty() ? 0
                                  : snapshot.parts.back()->first_row() + snapshot.parts.back()->rows() - 1;
}

// Follows the rows of one tenant for one client.
class Follower {
public:
    Follower(Service::State& state, Tenant& tenant, const std::string& where, std::uint64_t last)
        : state_(state), tenant_(tenant), last_(last), after_(newest_row(*tenant.store)) {
        sql_ = "SELECT * FROM logs" + (where.empty() ? "" : " WHERE " + where);
    }

    void follow(http::BodyWriter& writer) {
        Deadline quiet_until = in(heartbeat);
        bool there = writer.write(": following\n\n" + latest_events());
        while (there) {
            const fiber::Event appended = tenant_.store->appended().next();
            std::string events = new_events();
            if (events.empty() && std::chrono::steady_clock::now() >= quiet_until)
                events = ": still here\n\n";
            if (!events.empty()) {
                quiet_until = in(heartbeat);
                there = writer.write(events);
            }
            while (there && !appended.is_set() && std::chrono::steady_clock::now() < quiet_until)
                there = writer.wait_until(in(look_again));
        }
    }

private:
    // Those that were there before; the latest is told last, as of the new ones.
    std::string latest_events() {
        if (last_ == 0) return {};
        return events(sql_ + " ORDER BY ts DESC LIMIT " + std::to_string(last_), 0, true);
    }
    std::string new_events() { return events(sql_ + " LIMIT " + std::to_string(rows_max), after_, false); }

    std::string events(const std::string& sql, std::uint64_t after, bool backwards) {
        query::QueryOptions options;
        options.until = in(query_max);
        options.after_row = after;
        const auto answer = run_query(state_, tenant_, sql, options);
        if (!answer) return "event: trouble\ndata: " + answer.error().message + "\n\n";
        after_ = std::max(after_, answer->row_highest);
        std::string events;
        for (std::size_t row = 0; row < answer->row_count; ++row) {
            events += "data: ";
            append_json_row(events, *answer, backwards ? answer->row_count - 1 - row : row);
            events += "\n\n";
        }
        return events;
    }

    Service::State& state_;
    Tenant& tenant_;
    std::uint64_t last_, after_;
    std::string sql_;
};

Result<std::uint64_t> last_of(std::string_view text) {
    if (text == "0") return 0;
    const auto count = id_from(text);
    if (count && *count <= rows_max) return *count;
    return fail(error(Code::invalid, "last is a number from 0 to " + std::to_string(rows_max) + ".")
                    .because("bad_last")
                    .at("last"));
}

Result<http::Response> follow(Service::State& state, const http::Request& request) {
    TRY(Tenant* const tenant, state.tenants.of(request));
    TRY(const auto fields, http::form_from(request.query));
    TRY(const std::string where, query::where_of(fields.get("q").value_or(""), tenant->store->snapshot()));
    TRY(const std::uint64_t last, last_of(fields.get("last").value_or("0")));
    http::Response response;
    response.fields.set("Content-Type", "text/event-stream");
    response.fields.set("Cache-Control", "no-store");
    const auto follower = std::make_shared<Follower>(state, *tenant, where, last);
    response.stream = [follower](http::BodyWriter& writer) { follower->follow(writer); };
    return response;
}

}  // namespace

void bind_tail(http::Router& router, Service::State& state) {
    router.on(http::Method::get, "/tail", [&state](const http::Request& request) {
        auto answer = follow(state, request);
        return answer ? std::move(*answer) : refused(answer.error());
    });
}

}  // namespace jebi::log_analytics
