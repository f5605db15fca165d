#include "modules/log_analytics/intake/syslog_listener.h"

#include <mutex>
#include <thread>

#include "kit/fiber/datagrams.h"
#include "kit/fiber/signal.h"
#include "modules/log_analytics/intake/testing.h"

using namespace jebi;
using namespace jebi::log_analytics;

namespace {

const auto soon = [] { return in(Millis{10'000}); };

// Keeps rows, or is full.
struct Sink {
    std::mutex mutex;
    Texts rows;
    bool full = false;
    int tries = 0;
    fiber::Signal changed;

    Result<void> take(const Rows& taken) {
        const std::lock_guard lock{mutex};
        ++tries;
        changed.tell();
        if (full) return fail(Code::exhausted, "The queue is full.");
        for (auto& row : shown(taken))
            rows.push_back(std::move(row));
        return {};
    }
    // Waits until that holds.
    template <typename Condition>
    bool until(Condition condition) {
        const Deadline end = soon();
        while (true) {
            const auto next = changed.next();
            {
                const std::lock_guard lock{mutex};
                if (condition()) return true;
            }
            if (!next.wait_until(end)) return false;
        }
    }
    bool has(std::size_t count) {
        return until([this, count] { return rows.size() >= count; });
    }
};

struct Fixture {
    fiber::Loops loops{2};
    ManualClock clock{arrival_ms};
    Sink sink;

    SyslogListener listening(SyslogOptions options = {}) {
        options.tcp = fiber::Address::from("127.0.0.1:0").value();
        options.udp = fiber::Address::from("127.0.0.1:0").value();
        options.again_ms = Millis{1};
        options.notice_ms = Millis{5};
        return SyslogListener::open(loops, options, clock,
                                    [this](const Rows& rows) { return sink.take(rows); })
            .value();
    }
    static fiber::Socket connected(const SyslogListener& listener) {
        return fiber::Socket::connect(*listener.tcp(), soon()).value();
    }
};

// The other side has closed.
bool is_closed(fiber::Socket& socket) {
    std::array<char, 1> rest{};
    const auto size = socket.read_some(rest, soon());
    return size ? *size == 0 : size.error().code == Code::unavailable;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "messages come over TCP and UDP") {
    auto listener = listening();
    auto socket = connected(listener);
    REQUIRE(socket.write("<34>1 - h a - - - one\n21 <34>1 - h a - - - two", soon()));
    socket.finish_writing();
    REQUIRE(sink.has(2));
    auto datagrams = fiber::Datagrams::connect(*listener.udp()).value();
    REQUIRE(datagrams.send("<34>1 - h a - - - three", soon()));
    REQUIRE(sink.has(3));
    const std::string same = R"(severity="crit" facility="auth" host="h" app="a" message=)";
    CHECK(sink.rows == Texts{same + "\"one\"", same + "\"two\"", same + "\"three\""});
    CHECK(is_closed(socket));
    listener.close();
    CHECK(listener.stats().messages == 3);
    CHECK(listener.stats().lost == 0);
    CHECK(listener.stats().connections == 0);
}

TEST_CASE_FIXTURE(Fixture, "a last line without its end is taken when the connection ends") {
    auto listener = listening();
    auto socket = connected(listener);
    REQUIRE(socket.write("<13>no end", soon()));
    socket.finish_writing();
    CHECK(sink.has(1));
}

TEST_CASE_FIXTURE(Fixture, "a full sink makes TCP senders wait, and nothing is lost") {
    auto listener = listening();
    sink.full = true;
    // More than the kernel holds for a reader who does not read.
    std::string large;
    std::size_t count = 0;
    for (; large.size() < 16 * 1024 * 1024; ++count)
        large += "<13>" + std::string(1'000, 'x') + "\n";
    const fiber::Event written;
    std::jthread sender{[&] {
        auto socket = connected(listener);
        CHECK(socket.write(large, soon()));
        written.set();
    }};
    REQUIRE(sink.until([&] { return sink.tries > 3; }));
    CHECK_FALSE(written.is_set());
    {
        const std::lock_guard lock{sink.mutex};
        sink.full = false;
    }
    CHECK(written.wait_until(soon()));
    CHECK(sink.has(count));
    CHECK(listener.stats().lost == 0);
}

TEST_CASE_FIXTURE(Fixture, "a sink that stays full ends the connection, and what is lost is counted") {
    auto listener = listening({.full_ms = Millis{20}, .datagram_full_ms = Millis{5}});
    sink.full = true;
    auto socket = connected(listener);
    REQUIRE(socket.write("<13>one\n<13>two\n", soon()));
    CHECK(is_closed(socket));
    listener.close();
    CHECK(listener.stats().lost == 2);
}

TEST_CASE_FIXTURE(Fixture, "broken framing ends the connection, after what was good") {
    auto listener = listening();
    auto socket = connected(listener);
    REQUIRE(socket.write("<13>good\n999999999 x", soon()));
    CHECK(is_closed(socket));
    CHECK(sink.has(1));
    listener.close();
    CHECK(listener.stats().refused == 1);
}

TEST_CASE_FIXTURE(Fixture, "connections beyond the bound are turned away") {
    auto listener = listening({.connections_max = 1});
    auto first = connected(listener);
    REQUIRE(first.write("<13>one\n", soon()));
    REQUIRE(sink.has(1));
    auto second = connected(listener);
    CHECK(is_closed(second));
    CHECK(listener.stats().turned_away == 1);
    REQUIRE(first.write("<13>two\n", soon()));
    CHECK(sink.has(2));
}

TEST_CASE_FIXTURE(Fixture, "a taken address is an error") {
    const auto listener = listening();
    const auto second = SyslogListener::open(loops, {.tcp = listener.tcp()}, clock,
                                             [](const Rows&) -> Result<void> { return {}; });
    REQUIRE_FALSE(second);
    CHECK(second.error().reason == "address_in_use");
}
