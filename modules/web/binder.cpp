#include "modules/web/binder.h"

#include "modules/web/busy.h"

namespace jebi::web {

namespace {

constexpr std::size_t form_bytes_max = 64 * 1024;  // of an upload, besides its file

// Without the pages' help, for when even the visit cannot be opened.
http::Response plain_refusal(const http::Request& request, const Error& error) {
    http::Response response = http::Response::text(
        http::status_of(error.code), error.message + "\nTrace id: " + request.trace.id_hex() + "\n");
    if (error.retry_after_s > 0) response.fields.add("Retry-After", std::to_string(error.retry_after_s));
    return response;
}

bool is_worth_telling(const Error& error) {
    return error.code == Code::internal || error.code == Code::unavailable;
}

bool is_for_programs(const http::Request& request) {
    return request.path.starts_with("/api/") || request.path.starts_with("/oauth/") ||
           request.path.starts_with("/apiv1/");
}

// What no program may take for a page, in the words that Mastodon's clients look for.
http::Response not_found_for_programs() {
    return http::Response::json(404, R"({"error":"Record not found"})");
}

Act act_of(const http::Request& request, const Form& form) {
    const bool unsets =
        request.method == http::Method::del || http::equal_without_case(value(form, "_method"), "DELETE");
    return unsets ? Act::unset : Act::set;
}

std::string token_of(const http::Request& request, const Form& form) {
    const auto field = request.fields.get("X-CSRF-Token");
    return field ? std::string(*field) : value(form, "csrf");
}

}  // namespace

void Binder::page(std::string pattern, PageFunction function) {
    door_.on(http::Method::get, std::move(pattern),
             [*this, function = std::move(function)](const http::Request& request) {
                 return visited(request, [&](Visit& visit) { return function(site_, visit); });
             });
}

void Binder::form(std::string pattern, FormFunction function) {
    sent(http::Method::post, std::move(pattern),
         [&site = site_, function = std::move(function)](Visit& visit, const Form& form) {
             return function(site, visit, form);
         });
}

void Binder::act(const std::string& pattern, const ActFunction& function) {
    for (const http::Method method : {http::Method::post, http::Method::del}) {
        sent(method, pattern, [&site = site_, function](Visit& visit, const Form& form) {
            return function(site, visit, form, act_of(visit.request, form));
        });
    }
}

void Binder::upload(const std::string& pattern, std::size_t file_bytes_max, UploadFunction function) {
    const http::MultipartLimits limits{.file_bytes_max = file_bytes_max};
    door_.on(http::Method::post, pattern,
             [*this, limits, function = std::move(function)](const http::Request& request) {
                 return visited(request, [&](Visit& visit) -> Shown {
                     const auto sent = http::multipart_from(request, limits);
                     if (!sent && sent.error().reason == "too_large") return std::unexpected(sent.error());
                     TRY_VOID(check_csrf(site_.options, visit, sent ? value(sent->form(), "csrf") : ""));
                     return function(site_, visit, *sent);  // whose token was good
                 });
             });
    router_.set_body_bytes_max(http::Method::post, pattern, file_bytes_max + form_bytes_max);
}

void Binder::otherwise() {
    door_.otherwise([*this](const http::Request& request) {
        const Error nothing = error(Code::not_found, "There is nothing at this address.");
        if (is_for_programs(request)) return Answered{not_found_for_programs()};
        return visited(request, [&](Visit&) -> Shown { return fail(nothing); });
    });
}

void Binder::wrong_method() {
    router_.on_wrong_method([](const http::Request& request) {
        return is_for_programs(request)
                   ? http::Response::json(405, R"({"error":"The method is not allowed here."})")
                   : http::Response::text(405, "The method is not allowed here.\n");
    });
}

void Binder::failure() {
    door_.on_failure([*this](const http::Request& request, const Error& error) {
        failed_(request, error);
        if (is_for_programs(request)) return Answered{error_for_programs(request, error)};
        return visited(request, [&](Visit&) -> Shown { return fail(error); });
    });
}

void Binder::sent(http::Method method, std::string pattern, Sent function) {
    door_.on(method, std::move(pattern),
             [*this, function = std::move(function)](const http::Request& request) {
                 return visited(request, [&](Visit& visit) -> Shown {
                     TRY(const Form form, http::form_from(request.body));
                     TRY_VOID(check_csrf(site_.options, visit, token_of(request, form)));
                     return function(visit, form);
                 });
             });
}

Answered Binder::visited(const http::Request& request, const std::function<Shown(Visit&)>& function) const {
    auto visit = open_visit(site_, request);
    if (!visit) {
        failed_(request, visit.error());
        return Answered{plain_refusal(request, visit.error())};
    }
    auto answer = function(*visit);
    if (!answer && is_worth_telling(answer.error())) failed_(request, answer.error());
    return {.response = answer ? std::move(*answer) : refused(site_, *visit, answer.error()),
            .user = visit->call.user,
            .username = visit->user ? visit->user->username() : ""};
}

}  // namespace jebi::web
