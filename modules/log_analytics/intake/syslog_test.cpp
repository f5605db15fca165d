#include "modules/log_analytics/intake/syslog.h"

#include "modules/log_analytics/intake/testing.h"

using namespace jebi;
using namespace jebi::log_analytics;

namespace {

// The row of a message, or its refusal.
std::string row_of(std::string_view message, int offset_minutes = 0) {
    Batch batch;
    RowMaker maker{batch};
    take_syslog(message, arrival_ms, offset_minutes, maker);
    return batch.rows.empty() ? refusals(batch) : shown(batch).front();
}

// All messages of a stream that arrives in pieces of a size, and how it ended.
Texts framed(std::string_view stream, std::size_t piece) {
    SyslogFrames frames;
    Texts all;
    while (!stream.empty()) {
        frames.append(stream.substr(0, piece));
        stream.remove_prefix(std::min(piece, stream.size()));
        while (const auto message = frames.next())
            all.emplace_back(*message);
    }
    if (const auto last = frames.rest()) all.emplace_back(*last);
    if (frames.failed()) all.emplace_back("failed");
    return all;
}

}  // namespace

TEST_CASE("the examples of RFC 5424 become fields") {
    CHECK(row_of("<34>1 2025-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \xef\xbb\xbf'su root' "
                 "failed for lonvick on /dev/pts/8") ==
          "@2025-10-11T22:14:15.003Z severity=\"crit\" facility=\"auth\" host=\"mymachine.example.com\" "
          "app=\"su\" msgid=\"ID47\" "
          "message=\"'su root' failed for lonvick on /dev/pts/8\"");
    CHECK(row_of("<165>1 2025-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the "
                 "do-nuts.") ==
          "@2025-08-24T12:14:15.000Z severity=\"notice\" facility=\"local4\" host=\"192.0.2.1\" "
          "app=\"myproc\" pid=\"8710\" "
          "message=\"%% It's time to make the do-nuts.\"");
    CHECK(
        row_of(
            R"(<165>1 2025-10-11T22:14:15.003Z h evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="App"][p@1 class="hi\"\]gh"] An event)") ==
        R"(@2025-10-11T22:14:15.003Z severity="notice" facility="local4" host="h" app="evntslog" msgid="ID47" exampleSDID@32473.iut="3" exampleSDID@32473.eventSource="App" p@1.class="hi\"]gh" message="An event")");
}

TEST_CASE("what logger of util-linux sends is understood") {
    CHECK(
        row_of(
            R"(<13>1 2025-11-22T20:58:05.123456+09:00 host root - - [timeQuality tzKnown="1" isSynced="0"] hello)") ==
        R"(@2025-11-22T11:58:05.123Z severity="notice" facility="user" host="host" app="root" timeQuality.tzKnown="1" timeQuality.isSynced="0" message="hello")");
    CHECK(
        row_of("<13>Jan 15 07:59:00 host root: hello\n") ==
        R"(@2027-01-15T07:59:00.000Z severity="notice" facility="user" host="host" app="root" message="hello")");
}

TEST_CASE("RFC 3164 is understood as it is found in the wild") {
    CHECK(
        row_of("<34>Jan 11 22:14:15 mymachine su[77]: 'su root' failed") ==
        R"(@2027-01-11T22:14:15.000Z severity="crit" facility="auth" host="mymachine" app="su" pid="77" message="'su root' failed")");
    CHECK(
        row_of("<34>Jan 11 22:14:15 cron: local, without a host") ==
        R"(@2027-01-11T22:14:15.000Z severity="crit" facility="auth" app="cron" message="local, without a host")");
    CHECK(row_of("<34>Jan 11 22:14:15 host just words") ==
          R"(@2027-01-11T22:14:15.000Z severity="crit" facility="auth" host="host" message="just words")");
    CHECK(
        row_of("<34>2025-11-22T11:58:05Z host app: iso time") ==
        R"(@2025-11-22T11:58:05.000Z severity="crit" facility="auth" host="host" app="app" message="iso time")");
    CHECK(row_of("<34>Jan 12 07:14:15 h a: x", 540) ==
          R"(@2027-01-11T22:14:15.000Z severity="crit" facility="auth" host="h" app="a" message="x")");
}

TEST_CASE("what follows no RFC is a message as a whole") {
    const std::string notice = "severity=\"notice\" facility=\"user\" message=";
    for (const char* text : {"hello", "<", "<>", "<1", "<192>x", "<1234>x", "<-1>x", "<a>x", "<1a>x"}) {
        CAPTURE(text);
        CHECK(row_of(text) == notice + "\"" + [&] {
            json::Writer out;
            std::string quoted_text = out.string(text).take();
            return quoted_text.substr(1, quoted_text.size() - 2);
        }() + "\"");
    }
    CHECK(row_of("<14>hello there") == R"(severity="info" facility="user" message="hello there")");
    CHECK(row_of("<14>1 nonsense") == R"(severity="info" facility="user" message="1 nonsense")");
    CHECK(row_of("<14>1 - - - - - -") == R"(severity="info" facility="user")");
    CHECK(row_of("<14>1 - - - - - [broken x") == R"(severity="info" facility="user" message="[broken x")");
    CHECK(row_of("<14>a\xff") == "severity=\"info\" facility=\"user\" message=\"a\xef\xbf\xbd\"");
    CHECK(row_of("") == "0: The syslog message is empty.");
    CHECK(row_of("\n\r") == "0: The syslog message is empty.");
}

TEST_CASE("a stream is cut by counts and by lines, wherever it arrives in pieces") {
    const std::string stream = "5 <1>ab<2>cd\n\n6 <3>e\nf<4>g\r\n<5>h";
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        CAPTURE(piece);
        CHECK(framed(stream, piece) == Texts{"<1>ab", "<2>cd", "<3>e\nf", "<4>g\r", "<5>h"});
    }
}

TEST_CASE("a stream that cannot be cut has failed") {
    CHECK(framed("12x", 100) == Texts{"failed"});
    CHECK(framed("65537 x", 100) == Texts{"failed"});
    CHECK(framed("99999999999 x", 1) == Texts{"failed"});
    CHECK(framed(std::string(SyslogFrames::message_bytes_max + 2, 'x'), 4096) == Texts{"failed"});
    CHECK(framed("1 ab", 100) == Texts{"a", "b"});
    CHECK(framed("7 cut off", 100) == Texts{"cut off"});
    CHECK(framed("99 cut off", 100).empty());
    const std::string longest(SyslogFrames::message_bytes_max, 'x');
    CHECK(framed("65536 " + longest + longest + "\n", 5000) == Texts{longest, longest});
}

TEST_CASE("whatever bytes come, in whatever pieces, the messages are the same") {
    Random random;
    for (int round = 0; round < 2'000; ++round) {
        const std::string stream =
            random.changed("5 <1>ab<2>1 2025-11-22T11:58:05Z h a - - [x y=\"z\"] m\n11 <34>1 - - -\n<5>h\n");
        CAPTURE(stream);
        const auto whole = framed(stream, 1000);
        CHECK(framed(stream, 1 + random.below(7)) == whole);
        for (const auto& message : whole)
            row_of(message);
    }
}
