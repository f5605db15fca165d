#include "tests/degradation/look.h"

#include "kit/base/json.h"

namespace jebi::test {

namespace {

// Without what differs from answer to answer: tokens, keys, traces, and ids and times of what the test makes.
std::string without_chance(const Answer& answer) {
    static const std::array rules{
        std::pair{std::regex{"name=\"(csrf|key)\" value=\"[^\"]*\""}, "name=\"$1\""},
        std::pair{std::regex{"<time[^>]*>[^<]*</time>"}, "<time>"},
        std::pair{std::regex{"[0-9a-f]{32}"}, "<trace>"},
        std::pair{std::regex{"[0-9]{15,19}"}, "<id>"},
        std::pair{std::regex{"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"}, "<time>"},
        std::pair{std::regex{"(user_count|status_count|localPosts|total|active_month)\":[0-9]+"}, "<total>"},
        std::pair{std::regex{"\"statuses_count\":[1-9][0-9]*"}, "<total>"},
        std::pair{std::regex{"<dd>[0-9]+</dd>"}, "<total>"},
        std::pair{std::regex{"new[0-9]+"}, "<name>"},
        std::pair{std::regex{"\"(token|_avatar)\":\"[^\"]*\""}, "<token>"}};
    std::string text = std::to_string(answer.status) + " " + location(answer) + "\n" + answer.body;
    for (const auto& [rule, in_its_place] : rules)
        text = std::regex_replace(text, rule, in_its_place);
    return text;
}

bool keeps_session(const Answer& answer) {
    for (const auto& [name, value] : answer.fields.list)
        if (name == "Set-Cookie" && value.starts_with("jebi=")) return false;
    return true;
}

// Later, not never: what says so by its status also says when.
bool says_when(const Answer& answer) {
    const bool has_to = answer.status == 503 || answer.status == 504;
    return !has_to || answer.fields.get("Retry-After").has_value();
}

bool shows(const Row& row, const Answer& answer) {
    return row.content.empty() || has(answer.body, row.content);
}

std::string wrong(const Answer& answer, std::string_view what) {
    return "? (" + std::string(what) + ": " + std::to_string(answer.status) + " " + location(answer) + " " +
           answer.body.substr(0, 300) + ")";
}

std::string word_for_success(const Row& row, const Asked& whole, const Answer& answer) {
    if (without_chance(answer) == without_chance(whole.answer)) return "whole";
    if (answer.status >= 300) return wrong(answer, "leads elsewhere");
    if (has(answer.body, "class=\"alert unknown\""))
        return shows(row, answer) && keeps_session(answer) ? "visitor" : wrong(answer, "visitor without it");
    if (has(answer.body, "class=\"alert\"")) return "partly";  // what is left out may be what was looked for
    return shows(row, answer) ? "quiet" : wrong(answer, "without what it is for");
}

std::string word_for_json(const Answer& answer, const std::string& trace) {
    const auto body = json::parse(answer.body);
    const bool names_trace = has(answer.body, "\"trace_id\":\"" + trace + "\"");
    return body && body->find("error") != nullptr && names_trace ? "refused" : wrong(answer, "no error");
}

std::string word_for_refusal(const Row& row, const Asked& asked) {
    const Answer& answer = asked.answer;
    if (!keeps_session(answer)) return wrong(answer, "ends the session");
    if (!says_when(answer)) return wrong(answer, "does not say when");
    if (answer.fields.get("Content-Type") == "application/json") return word_for_json(answer, asked.trace);
    if (!row.sent.name.empty()) {
        const bool typed = has(answer.body, "value=\"" + row.sent.name);
        const bool key = row.sent.key.empty() || has(answer.body, "name=\"key\" value=\"" + row.sent.key);
        return typed && key && has(answer.body, "role=\"alert\"") ? "again" : wrong(answer, "form lost");
    }
    if (!has(answer.body, asked.trace)) return wrong(answer, "no trace id");
    if (count_of(answer.body, "who you are") > 1) return wrong(answer, "says one thing twice");
    if (!row.sent.text.empty()) {
        const bool text = has(answer.body, "not to be lost &lt;&amp;&gt;</textarea>");
        const bool key = row.sent.key.empty() || has(answer.body, "name=\"key\" value=\"" + row.sent.key);
        return text && key ? "kept" : wrong(answer, "text or key lost");
    }
    if (has(answer.body, "class=\"lost\"")) return "refused";
    return answer.status == 503 && has(answer.body, "class=\"alert\"") ? "away" : wrong(answer, "unclear");
}

}  // namespace

std::string word_for(const Row& row, const Asked& whole, const Asked& asked, Fault fault) {
    const Answer& answer = asked.answer;
    if (answer.stream && whole.answer.stream) return answer.body == "retry: 5000\n\n" ? "later" : "whole";
    if (answer.status < 400) return word_for_success(row, whole, answer);
    // A module that could not ask another is `unavailable`, whatever the other does.
    const int expected = http::status_of(code_of(fault));
    if (answer.status != expected && answer.status != 503) return wrong(answer, "not this status");
    return word_for_refusal(row, asked);
}

}  // namespace jebi::test
