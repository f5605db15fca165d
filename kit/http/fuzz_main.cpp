// Fuzzes what reads bytes from outside: requests, answers and the small languages inside them. Built with
// clang and -DJEBI_FUZZ=ON; run it as  kit_http_fuzz CORPUS_FOLDER -max_total_time=60
//
// Besides crashes it looks for disagreement: bytes that arrive in two pieces must be read like bytes that
// arrive in one.
#include <cstdio>
#include <cstdlib>

#include "kit/http/answer_reader.h"
#include "kit/http/compression.h"
#include "kit/http/digest.h"
#include "kit/http/multipart.h"
#include "kit/http/reader_testing.h"
#include "kit/http/websocket_frames.h"

using namespace jebi::http;

namespace {

// Small, so that the fuzzer reaches them.
Limits limits() {
    Limits limits;
    limits.head_bytes_max = 2048;
    limits.target_bytes_max = 512;
    limits.fields_max = 20;
    limits.body_bytes_max = 4096;
    return limits;
}

void must_be(bool right, const char* what) {
    if (right) return;
    std::fputs(what, stderr);
    std::abort();
}

// Which of two reasons for a refusal is seen first may depend on the cut.
std::vector<std::string> requests_at(std::string_view bytes, const std::vector<std::size_t>& cuts) {
    static const Limits small = limits();
    auto found = requests_in(small, bytes, cuts);
    if (!found.empty() && found.back().starts_with("refused")) found.back() = "refused";
    return found;
}

void read_requests(std::string_view bytes, std::size_t cut) {
    must_be(requests_at(bytes, {}) == requests_at(bytes, {cut}), "requests depend on where bytes are cut\n");
}

// "body" with the status, or nothing when it was refused or is not whole.
std::string answer_in(std::string_view bytes, std::size_t cut) {
    AnswerReader reader{4096};
    reader.expect_answer(false);
    for (auto piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
        while (!piece.empty() && !reader.whole()) {
            const auto space = reader.space();
            const std::size_t size = std::min(space.size(), piece.size());
            std::memcpy(space.data(), piece.data(), size);
            piece.remove_prefix(size);
            if (!reader.arrived(size)) return {};
        }
    }
    if (!reader.whole() && !reader.connection_ended()) return {};
    const auto answer = reader.take();
    return std::to_string(answer.status) + answer.body;
}

// All that arrives, in a line; and "refused" in the end when it comes to that.
std::string arrivals_in(std::string_view bytes, std::size_t cut) {
    FrameReader reader{true, 4096};
    std::string all;
    for (auto piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
        while (!piece.empty()) {
            const auto count = reader.take(piece);
            if (!count) return all + "refused";
            piece.remove_prefix(*count);
            if (const auto arrived = reader.arrived())
                all += std::to_string(static_cast<int>(arrived->opcode)) + arrived->bytes;
        }
    }
    return all;
}

// Every part of a form lies in its body.
void read_multipart(std::string_view bytes) {
    Request request{.body = bytes};
    request.fields.add("Content-Type", "multipart/form-data; boundary=x");
    const auto form = multipart_from(request);
    if (!form) return;
    for (const Part& part : form->parts)
        must_be(
            part.bytes.empty() || (part.bytes.begin() >= bytes.begin() && part.bytes.end() <= bytes.end()),
            "a part lies outside of its form\n");
}

void read_small_languages(std::string_view text) {
    Request request;
    request.fields.add("Cookie", text);
    (void)cookie(request, "id");
    (void)coding_for(text);
    (void)wants_digest(text);
    must_be(digest_fits(text, text) != true, "a text is its own digest\n");
    if (const auto form = form_from(text))
        must_be(form->list.size() <= form_fields_max, "a form is too long\n");
    must_be(percent_decoded(percent_encoded(text)) == text, "percent-encoding loses something\n");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view bytes{reinterpret_cast<const char*>(data + 2), size - 2};
    const std::size_t cut = bytes.empty() ? 0 : (data[0] * 256u + data[1]) % bytes.size();
    read_requests(bytes, cut);
    must_be(answer_in(bytes, bytes.size()) == answer_in(bytes, cut),
            "answers depend on where bytes are cut\n");
    must_be(arrivals_in(bytes, bytes.size()) == arrivals_in(bytes, cut),
            "frames depend on where bytes are cut\n");
    read_multipart(bytes);
    read_small_languages(bytes);
    return 0;
}
