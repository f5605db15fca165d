#include "modules/web/github/provider.h"

#include "kit/base/json.h"
#include "kit/base/unicode.h"

namespace jebi::web::github {

namespace {

constexpr std::size_t answer_bytes_max = 64 * 1024;
constexpr std::size_t connections_max = 4;  // to each address, of a loop
constexpr std::size_t waiting_max = 16;
constexpr std::size_t login_bytes_max = 100;

std::unexpected<Error> silent(std::string why) {
    return fail(error(Code::unavailable, "GitHub did not answer. Please try again in a moment.")
                    .because("github_silent")
                    .detailed(std::move(why)));
}

std::unexpected<Error> refused(std::string why) {
    return fail(error(Code::invalid, "GitHub did not confirm this sign-in. Please begin anew.")
                    .because("github_refused")
                    .detailed(std::move(why)));
}

std::unexpected<Error> badly_configured(const std::string& setting, const std::string& why) {
    return fail(error(Code::invalid, setting + ": " + why).at(setting));
}

std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    std::string all;
    for (const auto& [name, value] : fields) {
        all += (all.empty() ? "" : "&") + std::string(name) + "=" + http::percent_encoded(value);
    }
    return all;
}

std::string text_in(const json::Value& answer, std::string_view name) {
    const json::Value* value = answer.find(name);
    const std::string* text = value != nullptr ? value->text() : nullptr;
    return text != nullptr ? *text : "";
}

Result<json::Value> object_in(const Result<http::ClientResponse>& answer) {
    if (!answer) return silent(answer.error().message);
    if (answer->status >= 500) return silent("it answered " + std::to_string(answer->status));
    auto value = json::parse(answer->body);
    if (!value || value->object() == nullptr) return silent("it did not answer with a JSON object");
    return std::move(*value);
}

// The id is a number that JSON may write in no other way.
Result<Person> person_in(const json::Value& answer) {
    const json::Value* id = answer.find("id");
    const auto number = id != nullptr ? id->integer() : std::nullopt;
    Person person{.id = number && *number > 0 ? std::to_string(*number) : "",
                  .login = text_in(answer, "login"),
                  .name = text_in(answer, "name")};
    if (person.id.empty() || person.login.empty() || person.login.size() > login_bytes_max)
        return silent("its answer does not say who it is");
    return person;
}

}  // namespace

struct Provider::Peer {
    Peer(const http::Url& url, std::optional<fiber::TlsClient> tls)
        : path(url.path.empty() ? "/" : url.path),
          client({.address = url.address,
                  .connections_max = connections_max,
                  .waiting_max = waiting_max,
                  .answer_bytes_max = answer_bytes_max,
                  .tls = std::move(tls)}) {}

    Result<http::ClientResponse> ask(http::ClientRequest request, Deadline until) {
        request.target = path;
        request.fields.add("Accept", "application/json");
        request.fields.add("User-Agent", "jebi");  // GitHub refuses those that have none
        return client.send(request, until);
    }

    static Result<std::shared_ptr<Peer>> at(const std::string& setting, const std::string& text,
                                            const fiber::TlsClient& tls) {
        auto url = http::Url::from(text);
        if (!url) return badly_configured(setting, url.error().message);
        if (!url->secure && !url->is_loopback())
            return badly_configured(setting, "\"" + text + "\" is not encrypted. Write https://.");
        return std::make_shared<Peer>(*url, url->secure ? std::optional{tls} : std::nullopt);
    }

    std::string path;
    http::Client client;
};

Provider::Provider(Configured configured, std::shared_ptr<Peer> token, std::shared_ptr<Peer> user)
    : configured_(std::move(configured)), token_(std::move(token)), user_(std::move(user)) {}

Result<std::optional<Provider>> Provider::from(const Configured& configured) {
    if (configured.client_id.empty()) return std::nullopt;
    if (configured.client_secret.empty())
        return badly_configured("github.client_secret",
                                "it is missing. GitHub shows it beside the client id.");
    if (auto asked = http::Url::from(configured.authorize_url); !asked)
        return badly_configured("github.authorize_url", asked.error().message);
    TRY(const auto tls, fiber::TlsClient::open(configured.roots_file));
    TRY(auto token, Peer::at("github.token_url", configured.token_url, tls));
    TRY(auto user, Peer::at("github.user_url", configured.user_url, tls));
    return Provider{configured, std::move(token), std::move(user)};
}

std::string Provider::address_to_ask(const std::string& redirect_uri, const std::string& state,
                                     const std::string& challenge) const {
    return configured_.authorize_url + "?" +
           form({{"response_type", "code"},
                 {"client_id", configured_.client_id},
                 {"redirect_uri", redirect_uri},
                 {"state", state},
                 {"code_challenge", challenge},
                 {"code_challenge_method", "S256"}});
}

Result<std::string> Provider::token_for(const std::string& code, const std::string& verifier,
                                        const std::string& redirect_uri, Deadline until) const {
    http::ClientRequest request{.method = http::Method::post,
                                .body = form({{"grant_type", "authorization_code"},
                                              {"client_id", configured_.client_id},
                                              {"client_secret", configured_.client_secret},
                                              {"code", code},
                                              {"redirect_uri", redirect_uri},
                                              {"code_verifier", verifier}})};
    request.fields.add("Content-Type", "application/x-www-form-urlencoded");
    TRY(const auto answer, object_in(token_->ask(std::move(request), until)));
    // GitHub says what is wrong with a 200.
    if (const std::string wrong = text_in(answer, "error"); !wrong.empty()) return refused(wrong);
    std::string token = text_in(answer, "access_token");
    if (token.empty()) return silent("its answer has no token");
    return token;
}

Result<Person> Provider::person_of(const std::string& code, const std::string& verifier,
                                   const std::string& redirect_uri, Deadline until) const {
    TRY(const std::string token, token_for(code, verifier, redirect_uri, until));
    http::ClientRequest request{.repeatable = true};
    request.fields.add("Authorization", "Bearer " + token);
    const auto answer = user_->ask(std::move(request), until);
    if (answer && answer->status >= 400 && answer->status < 500)
        return refused("the token was answered with " + std::to_string(answer->status));
    TRY(const auto user, object_in(answer));
    return person_in(user);
}

}  // namespace jebi::web::github
