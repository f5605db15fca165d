#include "modules/log_analytics/intake/json_intake.h"

#include "kit/base/compress.h"
#include "kit/http/message.h"
#include "modules/log_analytics/intake/json_rows.h"
#include "modules/log_analytics/intake/lines.h"

namespace jebi::log_analytics {

namespace {

constexpr std::size_t reader_kept_bytes_max = 256 * 1024;
constexpr std::size_t window_bytes = 128 * 1024;  // of lines, indexed at once: fits into a core's cache
constexpr std::string_view white_space = " \t\r\n";

// What a body holds when it is a JSON string; nothing when it is something else.
class OnlyText final : public json::Visitor {
public:
    std::string value;
    bool is_text = false;

    void text(std::string_view text) override {
        value = text;
        is_text = true;
    }
    void begin_object() override {}
    void key(std::string_view) override {}
    void end_object() override {}
    bool begin_array() override { return true; }
    void end_array() override {}
    void array_text(std::string_view) override {}
    void integer(std::int64_t) override {}
    void long_integer(std::string_view) override {}
    void number(double) override {}
    void flag(bool) override {}
    void null() override {}
};

Result<Batch> take_array(json::Reader& reader, std::string_view body, WallMs arrived) {
    Batch batch;
    JsonRows rows{batch};
    rows.expect(arrived, true);
    TRY_VOID(reader.read(body, rows));
    return batch;
}

// One object behind the other, as far as they can be read, of what the reader has opened.
void take_opened(json::Reader& reader, Result<void> opened, JsonRows& rows, WallMs arrived) {
    rows.expect(arrived);
    while (opened && !reader.at_end()) {
        rows.expect(arrived);
        opened = reader.next(rows);
    }
    if (!opened) rows.broken(opened.error());
}

void take_objects(json::Reader& reader, std::string_view text, JsonRows& rows, WallMs arrived) {
    take_opened(reader, reader.open(text), rows, arrived);
}

// Does the body's first event go on behind its first line?
bool is_over_lines(json::Reader& reader, std::string_view body) {
    const auto line = body.substr(0, body.find('\n'));
    if (line.size() == body.size()) return false;
    OnlyText ignored;
    const auto status = reader.read(line, ignored);
    return !status && status.error().reason == "incomplete_json";
}

Batch take_lines(json::Reader& reader, std::string_view body, WallMs arrived) {
    Batch batch;
    batch.rows.reserve(body.size());  // rows are shorter than their JSON
    JsonRows rows{batch};
    while (!body.empty()) {
        std::string_view window = next_lines(body, window_bytes);
        if (reader.open_lines(window)) {
            while (reader.next_line())
                take_opened(reader, {}, rows, arrived);
            continue;
        }
        while (!window.empty())
            take_objects(reader, next_line(window), rows, arrived);
    }
    return batch;
}

Batch take_events(json::Reader& reader, std::string_view body, WallMs arrived) {
    if (!is_over_lines(reader, body)) return take_lines(reader, body, arrived);
    Batch batch;
    JsonRows rows{batch};
    take_objects(reader, body, rows, arrived);
    if (!batch.rows.empty()) return batch;
    // Or are these lines of which the first was cut off?
    Batch lines = take_lines(reader, body, arrived);
    return lines.rows.empty() ? std::move(batch) : std::move(lines);
}

bool is_form(std::string_view content_type) {
    const auto type = content_type.substr(0, content_type.find_first_of("; \t"));
    return http::equal_without_case(type, "application/x-www-form-urlencoded");
}

Result<Batch> take_form(std::string_view body, WallMs arrived) {
    TRY(const auto form, http::form_from(body));
    Batch batch;
    RowMaker maker{batch};
    maker.begin(arrived);
    for (const auto& [name, value] : form.list)
        maker.add(name, std::string_view{value});
    maker.end();
    return batch;
}

Result<Batch> take_text(json::Reader& reader, std::string_view body, std::string_view content_type,
                        WallMs arrived, bool unwrap) {
    body.remove_prefix(std::min(body.find_first_not_of(white_space), body.size()));
    if (body.empty()) {
        return fail(error(Code::invalid,
                          "The body is empty. Send a JSON object, an array of objects, or one object a line.")
                        .because("empty_body"));
    }
    if (body.front() == '[') return take_array(reader, body, arrived);
    if (body.front() == '"' && unwrap) {
        OnlyText whole;
        if (reader.read(body, whole) && whole.is_text)
            return take_text(reader, whole.value, content_type, arrived, false);
    }
    const bool looks_like_json = body.front() == '{' || body.front() == '"';
    if (!looks_like_json && is_form(content_type)) return take_form(body, arrived);
    return take_events(reader, body, arrived);
}

}  // namespace

Result<Batch> take_json(std::string_view body, std::string_view content_type, WallMs arrived) {
    thread_local json::Reader reader;  // its buffers serve the next body
    auto batch = take_text(reader, body, content_type, arrived, true);
    reader.shrink(reader_kept_bytes_max);
    return batch;
}

Result<std::string_view> decompressed(std::string_view body, std::string_view coding, std::size_t bytes_max,
                                      std::string& storage) {
    const bool gzip = http::equal_without_case(coding, "gzip") ||
                      http::equal_without_case(coding, "x-gzip") || body.starts_with("\x1f\x8b");
    if (!gzip) {
        if (coding.empty() || http::equal_without_case(coding, "identity")) return body;
        return fail(error(Code::invalid,
                          "The content coding " + quoted(coding) + " is not known: send gzip, or none.")
                        .because("unknown_coding"));
    }
    TRY(std::string plain, gunzipped(body, bytes_max));
    storage = std::move(plain);
    return std::string_view{storage};
}

}  // namespace jebi::log_analytics
