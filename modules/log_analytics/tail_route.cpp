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
    Follower(Service::State& state, Tenant& tenant, std::string where)
        : state_(state), tenant_(tenant), after_(newest_row(*tenant.store)) {
        sql_ = "SELECT * FROM logs" + (where.empty() ? "" : " WHERE " + where) + " LIMIT " +
               std::to_string(rows_max);
    }

    void follow(http::BodyWriter& writer) {
        Deadline quiet_until = in(heartbeat);
        bool there = writer.write(": following\n\n");
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
    std::string new_events() {
        query::QueryOptions options;
        options.until = in(query_max);
        options.after_row = after_;
        const auto answer = run_query(state_, tenant_, sql_, options);
        if (!answer) return "event: trouble\ndata: " + answer.error().message + "\n\n";
        after_ = std::max(after_, answer->row_highest);
        std::string events;
        for (std::size_t row = 0; row < answer->row_count; ++row) {
            events += "data: ";
            append_json_row(events, *answer, row);
            events += "\n\n";
        }
        return events;
    }

    Service::State& state_;
    Tenant& tenant_;
    std::uint64_t after_;
    std::string sql_;
};

Result<http::Response> follow(Service::State& state, const http::Request& request) {
    TRY(Tenant* const tenant, state.tenants.of(request));
    TRY(const auto fields, http::form_from(request.query));
    TRY(const std::string where, query::where_of(fields.get("q").value_or(""), tenant->store->snapshot()));
    http::Response response;
    response.fields.set("Content-Type", "text/event-stream");
    response.fields.set("Cache-Control", "no-store");
    const auto follower = std::make_shared<Follower>(state, *tenant, where);
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
