#include "modules/accounts/oauth/redirect_uris.h"

#include <doctest/doctest.h>

#include <vector>

namespace jebi::accounts {

TEST_CASE("codes may be sent to the web, to this machine, to an app, or be copied") {
    for (const std::string uri :
         {"https://example.com", "https://example.com/", "https://example.com:8443/cb?a=b",
          "https://[2001:db8::1]/cb", "https://[2001:db8::1]:8443/cb", "http://localhost/cb",
          "http://127.0.0.1:4567/cb", "http://[::1]:4567", "HTTPS://example.com/", "com.example.app:/cb",
          "icecubesapp://", "tooot://expo-auth", "app:cb", "urn:ietf:wg:oauth:2.0:oob"}) {
        CAPTURE(uri);
        CHECK(is_redirect_uri(uri));
    }
}

TEST_CASE("other addresses are refused") {
    for (const std::string uri : {"",
                                  "/cb",
                                  "//example.com/cb",
                                  "example.com/cb",
                                  "https:",
                                  "https:/example.com",
                                  "https://",
                                  "https:///cb",
                                  "https://?a",
                                  "https://:443/",
                                  "https://example.com/#",
                                  "https://example.com/#cb",
                                  "https://a@example.com/",
                                  "https://example.com:/",
                                  "https://example.com:x/",
                                  "https://example.com:123456/",
                                  "http://example.com/",
                                  "http://localhost.example.com/",
                                  "http://127.0.0.1.example.com/",
                                  "http://localhost@example.com/",
                                  "http://[::1].example.com/",
                                  "http:localhost",
                                  "javascript:alert(1)",
                                  "JavaScript:alert(1)",
                                  "data:text/html,x",
                                  "file:///etc/passwd",
                                  "vbscript:x",
                                  "blob:x",
                                  "urn:ietf:wg:oauth:2.0:oob:auto",
                                  "urn:x",
                                  "app:",
                                  ":cb",
                                  "1app:cb",
                                  "a b:cb",
                                  "https://example.com/a b",
                                  "https://example.com/\"",
                                  "https://example.com/<",
                                  "https://example.com\\@evil",
                                  "https://example.com/\n",
                                  "https://제비.example/",
                                  "app:제비"}) {
        CAPTURE(uri);
        CHECK(!is_redirect_uri(uri));
    }
    CHECK(!is_redirect_uri(std::string_view("https://example.com/\0", 21)));
}

TEST_CASE("a program has one to ten of them, of two thousand bytes together") {
    const auto answer = [](const std::vector<std::string>& uris) {
        const auto checked = check_redirect_uris(uris);
        return checked ? "ok" : checked.error().reason + ' ' + checked.error().field;
    };
    const std::string refused = "redirect_invalid redirect_uris";
    const std::string start = "https://example.com/";
    CHECK(answer({}) == refused);
    CHECK(answer({start}) == "ok");
    CHECK(answer({start, "javascript:x"}) == refused);
    CHECK(answer(std::vector<std::string>(10, start)) == "ok");
    CHECK(answer(std::vector<std::string>(11, start)) == refused);
    CHECK(answer({start + std::string(2'000 - start.size(), 'a')}) == "ok");
    CHECK(answer({start + std::string(2'001 - start.size(), 'a')}) == refused);
}

}  // namespace jebi::accounts
