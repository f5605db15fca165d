// Writing a tweet, editing it, deleting it.
#include "modules/web/pages.h"

namespace jebi::web {

namespace {

Result<tweets::Tweet> tweet_in_path(const Site& site, const Visit& visit) {
    TRY(const auto request, by_id_in_path(visit));
    return site.tweets.by_id(visit.call, request);
}

// The tweet of the path when the reader wrote it; `unauthenticated` or `forbidden` otherwise.
Result<tweets::Tweet> own_tweet_in_path(const Site& site, const Visit& visit) {
    TRY(const UserId me, signed_in(visit));
    TRY(tweets::Tweet tweet, tweet_in_path(site, visit));
    if (tweet.author_id() != me.value) {
        return fail(error(Code::forbidden, "Only its author may change a tweet.").because("not_yours"));
    }
    return tweet;
}

Result<tweets::Tweet> edited_to(const Site& site, const Visit& visit, std::uint64_t id,
                                const std::string& text) {
    TRY_VOID(signed_in(visit));
    tweets::EditRequest request;
    request.set_id(id);
    request.set_text(text);
    return site.tweets.edit(visit.call, request);
}

http::Response compose_again(const Site& site, Visit& visit, const Form& form, const Error& error) {
    Page page;
    page.show("AT_COMPOSE");
    show_compose(page, typed_text(form));
    show_error(site, visit, page, error);
    return shown(site, visit, form_status(error), "compose", page);
}

http::Response edit_form(const Site& site, Visit& visit, int status, std::uint64_t id,
                         const std::string& text, const Error* error) {
    Page page;
    page.set("ID", id).set("TEXT", text);
    visit.opens_at = "/tweets/" + std::to_string(id) + "/edit";
    if (error != nullptr) show_error(site, visit, page, *error);
    return shown(site, visit, status, "edit", page);
}

}  // namespace

Result<std::uint64_t> id_in_path(const Visit& visit) {
    const auto id = id_from(visit.request.captured_as("id"));
    if (!id) return fail(Code::not_found, "There is nothing with this id.");
    return *id;
}

Result<tweets::ByIdRequest> by_id_in_path(const Visit& visit) {
    tweets::ByIdRequest request;
    TRY(const std::uint64_t id, id_in_path(visit));
    request.set_id(id);
    return request;
}

std::string typed_text(const Form& form) {
    std::string text;
    for (const char* field : {"text", "body", "tweet"}) {
        if (text.empty()) text = value(form, field);
    }
    std::erase(text, '\r');
    return text;
}

Result<tweets::Tweet> written_from(const Site& site, const Visit& visit, const Form& form,
                                   std::uint64_t reply_to) {
    TRY_VOID(signed_in(visit));
    tweets::WriteRequest request;
    request.set_text(typed_text(form));
    request.set_reply_to_id(reply_to);
    Call call = visit.call;
    call.idempotency_key = value(form, "key");
    return site.tweets.write(call, request);
}

Shown compose(const Site& site, Visit& visit) {
    TRY_VOID(signed_in(visit));
    Page page;
    page.show("AT_COMPOSE");
    show_compose(page, "");
    return shown(site, visit, 200, "compose", page);
}

Shown write_tweet(const Site& site, Visit& visit, const Form& form) {
    const auto written = written_from(site, visit, form, 0);
    if (!written && is_away(written.error()))
        return kept(site, visit, {"/tweets", typed_text(form), value(form, "key")}, written.error());
    if (!written && is_for_the_form(written.error()))
        return compose_again(site, visit, form, written.error());
    TRY_VOID(written);
    return redirected(site, visit, "/", "written");
}

Shown edit(const Site& site, Visit& visit) {
    TRY(const auto tweet, own_tweet_in_path(site, visit));
    return edit_form(site, visit, 200, tweet.id(), tweet.text(), nullptr);
}

Shown change_tweet(const Site& site, Visit& visit, const Form& form, Act act) {
    if (act == Act::unset) return delete_tweet(site, visit, form);
    TRY(const std::uint64_t id, id_in_path(visit));
    const std::string text = typed_text(form);
    const auto edited = edited_to(site, visit, id, text);
    if (!edited && is_away(edited.error()))
        return kept(site, visit, {"/tweets/" + std::to_string(id), text, ""}, edited.error());
    if (!edited && is_for_the_form(edited.error()))
        return edit_form(site, visit, form_status(edited.error()), id, text, &edited.error());
    TRY_VOID(edited);
    return redirected(site, visit, "/tweets/" + std::to_string(id), "edited");
}

Shown ask_delete(const Site& site, Visit& visit) {
    TRY(const auto tweet, own_tweet_in_path(site, visit));
    TRY(const auto posts, post_of(site, visit.call, tweet.id()));
    Page page;
    show_post(site, visit, page, posts.list.front());
    return shown(site, visit, 200, "delete", page);
}

Shown delete_tweet(const Site& site, Visit& visit, const Form&) {
    tweets::DeleteRequest request;
    TRY(const std::uint64_t id, id_in_path(visit));
    request.set_id(id);
    TRY_VOID(site.tweets.delete_(visit.call, request));
    return redirected(site, visit, "/", "deleted");
}

}  // namespace jebi::web
