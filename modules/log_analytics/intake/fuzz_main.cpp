// Fuzzes what reads bytes from outside. Built with clang and -DJEBI_FUZZ=ON; run it as
//     log_intake_fuzz modules/log_analytics/intake/corpus -max_total_time=60
//
// The first byte says which intake the rest is for ('j' JSON, 'b' bulk, 'k' Loki, 'l' and 't' OTLP logs and
// traces in protobuf, 'L' and 'T' in JSON, 's' syslog, 'f' its framing, 'a' access log). Besides crashes it
// looks for rows that cannot be read again, and for frames that depend on where a stream is cut.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "kit/base/json.h"
#include "modules/log_analytics/intake/access_log.h"
#include "modules/log_analytics/intake/bulk_intake.h"
#include "modules/log_analytics/intake/json_intake.h"
#include "modules/log_analytics/intake/loki_intake.h"
#include "modules/log_analytics/intake/otlp_intake.h"
#include "modules/log_analytics/intake/syslog.h"

using namespace jebi;
using namespace jebi::log_analytics;

namespace {

constexpr WallMs arrived = 1'800'000'000'000;

void must_be(bool right, const char* what) {
    if (right) return;
    std::fputs(what, stderr);
    std::abort();
}

void check(const Batch& batch) {
    auto reader = RowsReader::open(batch.rows.names_bytes(), batch.rows.shapes_bytes(), batch.rows.rows_bytes());
    must_be(reader.has_value(), "the names cannot be read again\n");
    std::size_t count = 0;
    while (reader->next()) {
        must_be(!reader->values().empty(), "a row has no field\n");
        ++count;
    }
    must_be(!reader->damaged() && count == batch.rows.count(), "the rows cannot be read again\n");
    must_be(batch.refusals.size() <= Batch::refusals_max, "too many refusals are listed\n");
}

void check(const Result<Batch>& batch) {
    if (batch) check(*batch);
}

void check_bulk(std::string_view body) {
    const auto bulk = take_bulk(body, "logs", arrived);
    if (!bulk) return;
    check(bulk->batch);
    must_be(bulk->items.size() == bulk->batch.events(), "an item is neither a row nor refused\n");
    must_be(json::parse(bulk_answer(*bulk, Millis{1})).has_value(), "the answer is no JSON\n");
}

void check_otlp(OtlpSignal signal, OtlpEncoding encoding, std::string_view body) {
    const auto batch = take_otlp(signal, encoding, body, arrived);
    check(batch);
    if (batch) otlp_answer(signal, encoding, *batch);
}

void check_message(std::string_view message) {
    Batch batch;
    RowMaker maker{batch};
    take_syslog(message, arrived, 0, maker);
    check(batch);
}

std::vector<std::string> framed(std::string_view stream, std::size_t cut) {
    SyslogFrames frames;
    std::vector<std::string> all;
    for (const auto piece : {stream.substr(0, cut), stream.substr(cut)}) {
        frames.append(piece);
        while (const auto message = frames.next())
            all.emplace_back(*message);
    }
    if (const auto last = frames.rest()) all.emplace_back(*last);
    return all;
}

void check_frames(std::string_view stream) {
    const std::size_t cut = stream.empty() ? 0 : static_cast<unsigned char>(stream.front()) % stream.size();
    must_be(framed(stream, cut) == framed(stream, stream.size()), "frames depend on where a stream is cut\n");
}

void check_access_log(std::string_view line) {
    Batch batch;
    RowMaker maker{batch};
    if (begin_access_log_row(line, maker)) maker.end();
    check(batch);
}

void check_intake(char intake, std::string_view bytes) {
    switch (intake) {
        case 'j':
            return check(take_json(bytes, "application/x-www-form-urlencoded", arrived));
        case 'b':
            return check_bulk(bytes);
        case 'k':
            return check(take_loki(bytes));
        case 'l':
            return check_otlp(OtlpSignal::logs, OtlpEncoding::protobuf, bytes);
        case 't':
            return check_otlp(OtlpSignal::traces, OtlpEncoding::protobuf, bytes);
        case 'L':
            return check_otlp(OtlpSignal::logs, OtlpEncoding::json, bytes);
        case 'T':
            return check_otlp(OtlpSignal::traces, OtlpEncoding::json, bytes);
        case 's':
            return check_message(bytes);
        case 'f':
            return check_frames(bytes);
        case 'a':
            return check_access_log(bytes);
        default:
            return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    check_intake(bytes.front(), bytes.substr(1));
    return 0;
}
