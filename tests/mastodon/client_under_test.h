// A client of Mastodon's API, for somebody who has signed up: sends as clients send, reads the JSON.
#pragma once

#include "kit/base/json.h"
#include "tests/pages/twitter_under_test.h"

namespace jebi::test {

// What is there and a string, a number, ...; missing ones fail the test with their name.
inline const json::Value& member(const json::Value& value, std::string_view name) {
    const json::Value* const found = value.find(name);
    INFO(name);
    REQUIRE(found != nullptr);
    return *found;
}
inline std::string text(const json::Value& value, std::string_view name) {
    const std::string* const found = member(value, name).text();
    INFO(name);
    REQUIRE(found != nullptr);
    return *found;
}
inline std::int64_t number(const json::Value& value, std::string_view name) {
    return member(value, name).integer().value();
}
inline bool flag(const json::Value& value, std::string_view name) {
    return member(value, name).flag().value();
}
inline bool is_null(const json::Value& value, std::string_view name) {
    return std::holds_alternative<std::nullptr_t>(member(value, name).data);
}
inline std::string field(const Answer& answer, std::string_view name) {
    return std::string(answer.fields.get(name).value_or(""));
}
inline json::Value json_of(const Answer& answer) {
    INFO(answer.body);
    auto value = json::parse(answer.body);
    REQUIRE(value);
    return std::move(*value);
}
// The ids of a list of entities, in its order.
inline std::vector<std::string> ids_of(const json::Value& list) {
    std::vector<std::string> ids;
    REQUIRE(list.array() != nullptr);
    for (const json::Value& one : *list.array())
        ids.push_back(text(one, "id"));
    return ids;
}

class Client : public Browser {
public:
    explicit Client(Twitter& twitter) : Browser(twitter) {}
    Client(Twitter& twitter, const std::string& username) : Browser(twitter), name(username) {
        const Answer answer = send(http::Method::post, "/api/v1/users",
                                   R"({"username":")" + username + R"(","email":")" + username +
                                       R"(@example.org","password":"a long enough one"})");
        INFO(answer.body);
        REQUIRE(answer.status == 201);
        const auto user = json_of(answer);
        id = text(user, "id");
        use(text(user, "token"));
    }

    void use(const std::string& token) { fields = {{"Authorization", "Bearer " + token}}; }

    // Each wants 200, and answers the JSON.
    json::Value read(const std::string& path) { return fine(get(path)); }
    json::Value act(const std::string& path, const std::string& body = "") {
        return fine(send(http::Method::post, path, body));
    }
    json::Value change(http::Method method, const std::string& path, const std::string& body = "") {
        return fine(send(method, path, body));
    }
    // The new status' id.
    std::string write(const std::string& status, const std::string& in_reply_to = "") {
        json::Writer out;
        out.begin_object().key("status").string(status);
        if (!in_reply_to.empty()) out.key("in_reply_to_id").string(in_reply_to);
        out.end_object();
        return text(act("/api/v1/statuses", out.take()), "id");
    }
    void follow(const Client& other) { act("/api/v1/accounts/" + other.id + "/follow"); }

    std::string name;
    std::string id;

private:
    static json::Value fine(const Answer& answer) {
        INFO(answer.body);
        REQUIRE(answer.status == 200);
        return json_of(answer);
    }
};

}  // namespace jebi::test
