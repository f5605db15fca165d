#include "modules/web/github/sealed.h"

#include "kit/base/crypto.h"
#include "kit/base/ids.h"

namespace jebi::web::github {

namespace {

constexpr std::string_view end_field = "until";

std::string mac(std::string_view secret, std::string_view purpose, std::string_view text) {
    return base64url(bytes_of(hmac_sha256(secret, std::string(purpose) + ":" + std::string(text))));
}

bool is_over(const http::Fields<std::string>& fields, WallMs now_ms) {
    const auto until = id_from(fields.get(end_field).value_or(""));
    return !until || static_cast<WallMs>(*until) < now_ms;
}

}  // namespace

std::string sealed(std::string_view secret, std::string_view purpose, WallMs now_ms,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    std::string form = std::string(end_field) + "=" + std::to_string(now_ms + sealed_s * 1'000);
    for (const auto& [name, value] : fields)
        form += "&" + std::string(name) + "=" + http::percent_encoded(value);
    const std::string text = base64url(form);
    return text + "." + mac(secret, purpose, text);
}

std::optional<http::Fields<std::string>> unsealed(std::string_view secret, std::string_view purpose,
                                                  WallMs now_ms, std::string_view text) {
    const auto dot = text.rfind('.');
    if (dot == text.npos) return std::nullopt;
    const std::string_view body = text.substr(0, dot);
    if (!equal_in_constant_time(mac(secret, purpose, body), text.substr(dot + 1))) return std::nullopt;
    const auto form = from_base64url(body);
    auto fields = form ? http::form_from(*form) : http::form_from("");
    if (!fields || is_over(*fields, now_ms)) return std::nullopt;
    return std::move(*fields);
}

}  // namespace jebi::web::github
