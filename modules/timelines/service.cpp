#include "modules/timelines/service.h"

#include <algorithm>

#include "kit/fiber/fiber.h"
#include "modules/timelines/walk.h"

namespace jebi::timelines {

namespace {

constexpr int pages_counted_max = 4;  // when nearly all that is new is one's own
constexpr Millis looks_at_rebuild_every{20};

Result<Window> window_of(const HomeRequest& request) {
    const std::uint32_t limit = request.limit() == 0 ? page_size : request.limit();
    if (limit > page_size_max) {
        return fail(error(Code::invalid, "A page has at most 100 tweets.").because("bad_page").at("limit"));
    }
    Window window{.after = std::min<std::uint64_t>(request.newer_than(), INT64_MAX - 1),
                  .from_oldest = request.from_oldest(),
                  .limit = limit};
    if (request.before() != 0) window.before = std::min<std::uint64_t>(request.before(), INT64_MAX);
    return window;
}

HomePage page_of(Piece piece, bool from_oldest) {
    if (from_oldest) {
        std::ranges::reverse(piece.entries);
        piece.reach.reset();
        if (!piece.entries.empty()) piece.reach = piece.entries.back().tweet;
    }
    HomePage page;
    for (const Entry& entry : piece.entries) {
        HomePage::Entry& shown = *page.add_entries();
        shown.set_tweet_id(entry.tweet);
        shown.set_author_id(entry.author);
        shown.set_repost_of_id(entry.repost_of);
    }
    page.set_next(piece.reach.value_or(0));
    return page;
}

}  // namespace

Result<HomePage> Service::home(const Call& call, const HomeRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const Window window, window_of(request));
    if (window.after + 1 >= window.before) return HomePage{};
    const auto newest_own = request.without_newest_own() ? Walk::NewestOwn::without : Walk::NewestOwn::with;
    TRY(Piece piece, Walk(tweets_, follows_, store_, me, newest_own).read(call, window));
    return page_of(std::move(piece), window.from_oldest);
}

Result<NewerThanReply> Service::newer_than(const Call& call, const NewerThanRequest& request) {
    TRY(const UserId me, signed_in(call));
    Window window{.after = std::min<std::uint64_t>(request.tweet_id(), INT64_MAX - 1),
                  .limit = page_size_max};
    Walk walk{tweets_, follows_, store_, me};
    std::uint32_t count = 0;
    for (int pages = 0; pages < pages_counted_max && count < newer_max; ++pages) {
        TRY(const Piece piece, walk.read(call, window));
        for (const Entry& entry : piece.entries)
            count += entry.author == me.value ? 0 : 1;
        if (!piece.reach) break;
        window.before = *piece.reach;
    }
    NewerThanReply reply;
    reply.set_count(std::min(count, newer_max));
    return reply;
}

Result<RebuildReply> Service::rebuild(const Call& call, const Empty&) {
    const Deadline until = std::chrono::steady_clock::now() + left_until(call.until) / 2;
    TRY_VOID(builder_.begin_rebuild(call));
    while (true) {
        TRY(const Rebuild rebuild, store_.rebuild(call));
        if (rebuild.phase == Rebuild::Phase::done) {
            RebuildReply reply;
            reply.set_people(rebuild.people);
            reply.set_entries(rebuild.entries);
            return reply;
        }
        fiber::sleep_until(std::min(in(looks_at_rebuild_every), until));
        if (std::chrono::steady_clock::now() >= until) {
            return fail(error(Code::deadline,
                              "Home timelines are still being made; this goes on by itself. Ask "
                              "again to wait for the end.")
                            .because("still_rebuilding"));
        }
    }
}

}  // namespace jebi::timelines
