#include "modules/timelines/walk.h"

#include <algorithm>

#include "kit/base/ids.h"

namespace jebi::timelines {

namespace {

constexpr int parts_max = 8;  // read for one page
// A tweet's id is made before it is written; no call takes longer.
constexpr Millis writing_max{15'000};

void add(std::vector<Entry>& all, const std::vector<Entry>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

// Brings a piece of several sources into one order; what is beyond the reach of one of them waits.
void put_in_order(Piece& piece, bool from_oldest) {
    const auto comes_before = [from_oldest](std::uint64_t a, std::uint64_t b) {
        return from_oldest ? a < b : a > b;
    };
    std::ranges::sort(piece.entries, comes_before, &Entry::tweet);
    const auto twice = std::ranges::unique(piece.entries, {}, &Entry::tweet);
    piece.entries.erase(twice.begin(), twice.end());
    if (!piece.reach) return;
    std::erase_if(piece.entries, [&](const Entry& entry) { return comes_before(*piece.reach, entry.tweet); });
}

// Adds what another source has.
void join(Piece& all, Piece more, bool from_oldest) {
    add(all.entries, more.entries);
    if (!more.reach) return;
    const std::uint64_t reach = all.reach.value_or(*more.reach);
    all.reach = from_oldest ? std::min(reach, *more.reach) : std::max(reach, *more.reach);
}

void go_on_from(Window& window, std::uint64_t reach) {
    (window.from_oldest ? window.after : window.before) = reach;
}

}  // namespace

Result<Piece> Walk::read(const Call& call, Window window) {
    TRY(kept_, store_.owner(call, owner_));
    if (!kept_.complete) kept_.oldest = INT64_MAX;
    const std::size_t limit = window.limit;
    Piece page;
    for (int parts = 0; parts < parts_max && page.entries.size() < limit; ++parts) {
        const Part part = part_of(window);
        TRY(const Piece piece, read_part(call, part));
        add(page.entries, piece.entries);
        page.reach = piece.reach;
        if (!piece.reach && part.last) break;
        if (!piece.reach) page.reach = window.from_oldest ? part.window.before - 1 : part.window.after + 1;
        go_on_from(window, *page.reach);
    }
    if (page.entries.size() > limit) {
        page.entries.resize(limit);
        page.reach = page.entries.back().tweet;
    }
    return page;
}

Walk::Part Walk::part_of(const Window& window) const {
    const std::uint64_t edge = kept_.oldest == 0 ? 0 : kept_.oldest - 1;  // the newest that is not kept
    const bool has_kept = window.before > edge + 1;
    const bool has_older = window.after < edge;
    Part part{.window = window, .kept = has_kept && !(window.from_oldest && has_older)};
    part.last = window.from_oldest ? part.kept || !has_kept : !part.kept || !has_older;
    if (part.kept) part.window.after = std::max(window.after, edge);
    if (!part.kept) part.window.before = std::min(window.before, edge + 1);
    return part;
}

Result<Piece> Walk::read_part(const Call& call, const Part& part) {
    Piece piece;
    if (part.kept) {
        TRY_VOID(read_kept(call, part.window, piece));
    } else {
        TRY(const Ids authors, older_authors(call));
        TRY_VOID(read_lists(call, authors, part.window, piece));
    }
    put_in_order(piece, part.window.from_oldest);
    return piece;
}

Result<void> Walk::read_kept(const Call& call, const Window& window, Piece& piece) {
    Window one_more = window;  // tells whether there are more
    one_more.limit += 1;
    TRY(piece.entries, store_.entries(call, owner_, one_more));
    if (piece.entries.size() == one_more.limit) piece.reach = piece.entries.back().tweet;
    if (!kept_.merged.empty()) {
        Ids authors = kept_.merged;
        authors.push_back(owner_.value);
        return read_lists(call, authors, window, piece);
    }
    if (newest_own_ == NewestOwn::without) return {};
    Window not_followed = window;
    not_followed.after = std::max(window.after, id_before(kept_.followed_until_ms - writing_max.count()));
    if (not_followed.after >= not_followed.before) return {};
    return read_lists(call, {owner_.value}, not_followed, piece);
}

Result<void> Walk::read_lists(const Call& call, const Ids& authors, const Window& window, Piece& piece) {
    Window one_more = window;
    one_more.limit += 1;
    for (std::span<const std::uint64_t> rest{authors}; !rest.empty();) {
        const auto some = rest.first(std::min(rest.size(), authors_at_once_max));
        TRY(Piece more, listed(call, tweets_, some, one_more));
        TRY_VOID(leave_out_hidden(call, more.entries));
        join(piece, std::move(more), window.from_oldest);
        rest = rest.subspan(some.size());
    }
    return {};
}

Result<Walk::Ids> Walk::older_authors(const Call& call) {
    Ids authors{owner_.value};
    follows::ListRequest request;
    request.set_user_id(owner_.value);
    do {
        request.set_limit(older_authors_max + 1 - static_cast<std::uint32_t>(authors.size()));
        TRY(const auto page, follows_.following(call, request));
        authors.insert(authors.end(), page.user_ids().begin(), page.user_ids().end());
        request.set_before(page.next());
    } while (request.before() != 0 && authors.size() <= older_authors_max);
    return authors;
}

Result<void> Walk::leave_out_hidden(const Call& call, std::vector<Entry>& entries) {
    if (!kept_.hides || entries.empty()) return {};
    Ids people;
    for (const Entry& entry : entries)
        people.insert(people.end(), {entry.author, entry.repost_of_author});
    TRY(const Ids hidden, store_.hidden(call, owner_, people));
    const auto is_hidden = [&](std::uint64_t user) {
        return std::ranges::find(hidden, user) != hidden.end();
    };
    std::erase_if(entries, [&](const Entry& entry) {
        return is_hidden(entry.author) || is_hidden(entry.repost_of_author);
    });
    return {};
}

}  // namespace jebi::timelines
