// One tweet with its thread, answering it, and who likes or has reposted it.
#include <algorithm>

#include "modules/web/pages.h"

namespace jebi::web {

namespace {

constexpr std::size_t title_bytes_max = 80;
constexpr int nested_max = 4;

std::unexpected<Error> gone() {
    return fail(error(Code::not_found, "There is no such tweet.").because("tweet_gone"));
}

// What stands around a tweet, in the order of the thread; nothing hides but blocks.
Result<Posts> thread_of(const Site& site, const Visit& visit, const tweets::ThreadReply& thread) {
    std::vector<tweets::Tweet> all(thread.ancestors().begin(), thread.ancestors().end());
    all.push_back(thread.tweet());
    all.insert(all.end(), thread.descendants().begin(), thread.descendants().end());
    return posts_of(
        site, visit.call, std::move(all),
        {.muted = Reading::Muted::shown, .with_gaps = true, .partly = true, .host = visit.host()});
}

void show_item(const Site& site, const Visit& visit, Section list, const Post& post, int nested) {
    Section item = list.section("ITEM");
    item.set("NESTED", std::min(nested, nested_max));
    if (post.is_gap()) {
        item.show("GAP");
    } else {
        show_in_list(site, visit, item.section("TWEET"), post);
    }
}

void show_single(const Site& site, const Visit& visit, Section page, const Post& post) {
    page.set("AUTHOR", post.author->display_name())
        .set("TITLE_TEXT", excerpt_of(post.tweet->text(), title_bytes_max));
    Section single = page.section("SINGLE");
    show_post(site, visit, single, post);
    if (post.tweet->favourites() > 0) single.show("WHO_LIKES");
    if (post.tweet->reposts() > 0) single.show("WHO_REPOSTED");
}

void show_gone(const Site& site, const Visit& visit, Section page) {
    page.show("GONE").set("AUTHOR", site.templates.text(visit.language, "site"));
    page.set("TITLE_TEXT", site.templates.text(visit.language, "gone_tweet"));
}

void show_answers(const Site& site, const Visit& visit, Section page, std::span<const Post> posts,
                  std::uint64_t root) {
    if (posts.empty()) return;
    Section after = page.section("AFTER");
    std::unordered_map<std::uint64_t, int> depths{{root, -1}};
    for (const Post& post : posts) {
        const auto parent = depths.find(post.tweet->reply_to_id());
        const int depth = parent == depths.end() ? 0 : parent->second + 1;
        depths[post.tweet->id()] = depth;
        show_item(site, visit, after, post, depth);
    }
}

// The form below a tweet that one may answer.
Section answer_form(Section page, const Post& post, std::string_view typed) {
    Section answer = page.section("ANSWER");
    answer.set("ANSWER_TO", post.tweet->id()).set("ANSWER_NAME", post.author->username());
    show_compose(answer, typed);
    return answer;
}

struct Typed {
    std::string text;
    const Error* error = nullptr;
};

Shown thread_page(const Site& site, Visit& visit, int status, const Typed& typed) {
    TRY(const auto request, by_id_in_path(visit));
    TRY(const auto thread, site.tweets.thread(visit.call, request));
    if (thread.tweet().id() != request.id())  // a repost's address: the thread is the original's
        return redirected(site, visit, "/tweets/" + std::to_string(thread.tweet().id()));
    visit.opens_at = "/tweets/" + std::to_string(request.id());
    TRY(const auto posts, thread_of(site, visit, thread));
    const auto self = std::ranges::find(posts.list, request.id(), &Post::id);
    if (self == posts.list.end()) return gone();
    const bool is_hidden = self->is_gap() && !self->tweet->deleted();
    if (is_hidden && posts.missing) return std::unexpected(*posts.missing);
    if (is_hidden) return gone();
    Page page;
    if (self != posts.list.begin()) {
        Section before = page.section("BEFORE");
        for (const Post& post : std::span(posts.list.begin(), self))
            show_item(site, visit, before, post, 0);
    }
    if (self->is_gap()) {
        show_gone(site, visit, page);
    } else {
        show_single(site, visit, page, *self);
        if (visit.user) {
            Section answer = answer_form(page, *self, typed.text);
            if (typed.error != nullptr) show_error(site, visit, answer, *typed.error);
        }
    }
    show_answers(site, visit, page, std::span(self + 1, posts.list.end()), request.id());
    show_missing(site, visit, page, posts.missing);
    show_stats(site, visit, page);
    return shown(site, visit, status, "tweet", page);
}

Shown delete_reply(const Site& site, Visit& visit, const Form& form, std::uint64_t to) {
    TRY_VOID(signed_in(visit));
    const auto id = id_from(value(form, "comment"));
    if (!id) return gone();
    tweets::ByIdRequest request;
    request.set_id(*id);
    TRY(const auto reply, site.tweets.by_id(visit.call, request));
    if (reply.reply_to_id() != to) return gone();
    tweets::DeleteRequest wanted;
    wanted.set_id(*id);
    TRY_VOID(site.tweets.delete_(visit.call, wanted));
    return redirected(site, visit, "/tweets/" + std::to_string(to), "deleted");
}

using Users = Result<tweets::UserIds> (tweets::Tweets::*)(const Call&, const tweets::UsersOfRequest&);

// `what` is the last part of the address.
Shown who(const Site& site, Visit& visit, Users users_of, const std::string& what, std::string_view heading) {
    TRY(const std::uint64_t id, id_in_path(visit));
    TRY_VOID(post_of(site, visit.call, id));
    const List list = list_of(visit, "/tweets/" + std::to_string(id) + "/" + what);
    tweets::UsersOfRequest request;
    request.set_tweet_id(id);
    request.set_before(list.cursor);
    TRY(const auto users, (site.tweets.*users_of)(visit.call, request));
    TRY(const auto people, some_people_of(site, visit.call, ids_of(users.user_ids())));
    Page page;
    page.set("HEADING", site.templates.text(visit.language, heading)).set("ID", id);
    show_people(site, visit, page, people.list);
    if (people.list.empty()) page.show("EMPTY");
    show_missing(site, visit, page, people.missing);
    show_older(page, list, users.next());
    show_stats(site, visit, page);
    return shown(site, visit, 200, "who", page);
}

}  // namespace

Shown tweet(const Site& site, Visit& visit) {
    return thread_page(site, visit, 200, {});
}

Shown comments(const Site& site, Visit& visit) {
    TRY(const std::uint64_t id, id_in_path(visit));
    return redirected(site, visit, "/tweets/" + std::to_string(id) + "#reply");
}

Shown reply(const Site& site, Visit& visit, const Form& form, Act act) {
    TRY(const std::uint64_t id, id_in_path(visit));
    if (act == Act::unset) return delete_reply(site, visit, form, id);
    const auto written = written_from(site, visit, form, id);
    const Unsent unsent{"/tweets/" + std::to_string(id) + "/comments", typed_text(form), value(form, "key")};
    if (!written && is_away(written.error())) return kept(site, visit, unsent, written.error());
    if (!written && is_for_the_form(written.error())) {
        auto again = thread_page(site, visit, form_status(written.error()), {unsent.text, &written.error()});
        return form_or_kept(site, visit, std::move(again), unsent, written.error());
    }
    TRY_VOID(written);
    const std::string mine = std::to_string(written->id());
    return redirected(site, visit, "/tweets/" + std::to_string(id) + "#t" + mine, "replied");
}

Shown who_likes(const Site& site, Visit& visit) {
    return who(site, visit, &tweets::Tweets::favourited_by, "favorites", "who_likes");
}

Shown who_reposted(const Site& site, Visit& visit) {
    return who(site, visit, &tweets::Tweets::reposted_by, "reposts", "who_reposted");
}

}  // namespace jebi::web
