#include "kit/http/message.h"

#include <doctest/doctest.h>

using namespace jebi;
using namespace jebi::http;

namespace {

std::string shown(const Fields<std::string>& form) {
    std::string text;
    for (const auto& [name, value] : form.list)
        text.append("[").append(name).append("=").append(value).append("]");
    return text;
}

std::string shown(const std::vector<Weighted>& list) {
    std::string text;
    for (const auto& [choice, weight] : list)
        text += std::string(choice) + ":" + std::to_string(weight) + " ";
    return text;
}

}  // namespace

TEST_CASE("methods are known by name, and case counts") {
    for (const Method method : {Method::get, Method::head, Method::post, Method::put, Method::patch,
                                Method::del, Method::options}) {
        CHECK(method_from(name(method)) == method);
    }
    CHECK(name(Method::del) == "DELETE");
    for (const char* unknown : {"", "get", "BREW", "GETS", "CONNECT"})
        CHECK_FALSE(method_from(unknown));
}

TEST_CASE("field names compare without case, the first wins, and set replaces all") {
    Fields<std::string> fields;
    fields.add("X-One", "1");
    fields.add("x-one", "2");
    fields.add("X-Two", "3");
    CHECK(fields.get("x-ONE") == "1");
    CHECK_FALSE(fields.get("X-On"));
    fields.set("X-ONE", "4");
    CHECK(fields.list.size() == 2);
    CHECK(fields.get("x-one") == "4");
    CHECK_FALSE(equal_without_case("a@", "A`"));
}

TEST_CASE("every code has its status, and every status we send its reason") {
    CHECK(status_of(Code::invalid) == 400);
    CHECK(status_of(Code::unauthenticated) == 401);
    CHECK(status_of(Code::forbidden) == 403);
    CHECK(status_of(Code::not_found) == 404);
    CHECK(status_of(Code::conflict) == 409);
    CHECK(status_of(Code::exhausted) == 429);
    CHECK(status_of(Code::deadline) == 504);
    CHECK(status_of(Code::unavailable) == 503);
    CHECK(status_of(Code::internal) == 500);
    CHECK(reason_of(404) == "Not Found");
    for (const int status :
         {200, 201, 204, 303, 304, 400, 408, 413, 414, 417, 422, 429, 431, 500, 501, 503, 505, 507})
        CHECK_FALSE(reason_of(status).empty());
    CHECK(reason_of(299).empty());
}

TEST_CASE("answers carry their type") {
    CHECK(Response::text(200, "a").fields.get("content-type") == "text/plain; charset=utf-8");
    CHECK(Response::html(200, "a").fields.get("content-type") == "text/html; charset=utf-8");
    CHECK(Response::json(201, "{}").fields.get("content-type") == "application/json");
    CHECK(Response::json(201, "{}").status == 201);
    const auto elsewhere = Response::see_other("/home");
    CHECK(elsewhere.status == 303);
    CHECK(elsewhere.fields.get("location") == "/home");
}

TEST_CASE("percent escapes are undone, and a broken one is nothing") {
    CHECK(percent_decoded("%ED%95%9C") == "한");
    CHECK(percent_decoded("a+b%2bc%2F") == "a+b+c/");
    CHECK(percent_decoded("%00") == std::string(1, '\0'));
    CHECK(percent_decoded("") == "");
    for (const char* broken : {"%", "%4", "%4x", "%x4", "a%", "%%41", "%-1"}) {
        CAPTURE(broken);
        CHECK_FALSE(percent_decoded(broken));
    }
}

TEST_CASE("what is encoded decodes to itself, for every byte") {
    CHECK(percent_encoded("제비 a/b~c_d-e.f") == "%EC%A0%9C%EB%B9%84%20a%2Fb~c_d-e.f");
    std::string bytes;
    for (int c = 0; c < 256; ++c)
        bytes += static_cast<char>(c);
    CHECK(percent_decoded(percent_encoded(bytes)) == bytes);
}

TEST_CASE("forms are read in their order") {
    CHECK(shown(form_from("a=1&b=2&a=3").value()) == "[a=1][b=2][a=3]");
    CHECK(shown(form_from("text=%EC%A0%9C%EB%B9%84+%26+x&on").value()) == "[text=제비 & x][on=]");
    CHECK(shown(form_from("a=b=c&=d&&e=").value()) == "[a=b=c][=d][e=]");
    CHECK(shown(form_from("").value()) == "");
}

TEST_CASE("a form that is broken, too long or no UTF-8 is invalid") {
    for (const char* broken : {"a=%", "%=a", "a=%4", "a=%zz", "a=%FF", "a=%C0%80", "%ED%A0%80=a"}) {
        CAPTURE(broken);
        CHECK(form_from(broken).error().code == Code::invalid);
    }
    std::string many;
    for (std::size_t i = 0; i < form_fields_max; ++i)
        many += "a=1&";
    CHECK(form_from(many).value().list.size() == form_fields_max);
    CHECK(form_from(many + "a=1").error().code == Code::invalid);
}

TEST_CASE("a cookie is found by its whole name") {
    Request request;
    request.fields.add("Cookie", "xid=1; id=2;  other=a=b ; id=3");
    request.fields.add("cookie", "late=4");
    CHECK(cookie(request, "id") == "2");
    CHECK(cookie(request, "xid") == "1");
    CHECK(cookie(request, "other") == "a=b");
    CHECK(cookie(request, "late") == "4");
    for (const char* none : {"d", "i", "ID", "", "a"})
        CHECK_FALSE(cookie(request, none));
}

TEST_CASE("weighted lists come by falling weight, equal ones in their order") {
    CHECK(shown(weighted("en;q=0.5, ko-KR, ko;q=0.9")) == "ko-KR:1000 ko:900 en:500 ");
    CHECK(shown(weighted("gzip, br")) == "gzip:1000 br:1000 ");
    CHECK(shown(weighted(" a ; q=0 ,b;Q=0.001, c;q=1.000,d;q=0.12;x=y")) == "c:1000 d:120 b:1 a:0 ");
    CHECK(shown(weighted("text/html;level=1;q=0.4")) == "text/html:400 ");
    CHECK(weighted("").empty());
    CHECK(weighted(" , ;q=1,").empty());
}

TEST_CASE("what is no weight leaves its choice out") {
    for (const char* bad : {"a;q=1.1", "a;q=2", "a;q=-1", "a;q=.5", "a;q=", "a;q=0.1234", "a;q=1.001",
                            "a;q=x", "a;q=01", "a;q=0.5x"}) {
        CAPTURE(bad);
        CHECK(shown(weighted(std::string(bad) + ", z")).find("a:") == std::string::npos);
    }
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += "a,";
    CHECK(weighted(many).size() == choices_max);
}
