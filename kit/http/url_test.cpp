#include "kit/http/url.h"

#include <doctest/doctest.h>

using namespace jebi;
using http::Url;

TEST_CASE("a URL names a host, a port and a path") {
    const auto github = Url::from("https://github.com/login/oauth/authorize").value();
    CHECK(github.secure);
    CHECK(github.address.text() == "github.com:443");
    CHECK(github.path == "/login/oauth/authorize");
    const auto logs = Url::from("http://logs.example:12345/under/here/").value();
    CHECK_FALSE(logs.secure);
    CHECK(logs.address.text() == "logs.example:12345");
    CHECK(logs.path == "/under/here");
    CHECK(Url::from("http://[::1]").value().address.port == 80);
    CHECK(Url::from("http://[::1]:81/").value().path == "");
}

TEST_CASE("what is no URL of a service is refused with the reason") {
    for (const char* wrong :
         {"", "127.0.0.1:12345", "ftp://a", "http://", "https://", "http://:80", "http://a:0", "http://a:x",
          "http://a b", "http://a/?q=1", "http://a/#x", "http://u@a", "http://a\r\nX: y"}) {
        CAPTURE(wrong);
        const auto refused = Url::from(wrong);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Code::invalid);
    }
}

TEST_CASE("only this machine's own addresses are loopback") {
    CHECK(Url::from("http://127.0.0.1:1/a").value().is_loopback());
    CHECK(Url::from("http://localhost:1/a").value().is_loopback());
    CHECK(Url::from("http://[::1]:1/a").value().is_loopback());
    CHECK_FALSE(Url::from("http://10.127.0.1:1/a").value().is_loopback());
    CHECK_FALSE(Url::from("http://localhost.example:1/a").value().is_loopback());
}
