#include "modules/timelines/filler.h"

#include <algorithm>

namespace jebi::timelines {

namespace {

constexpr std::uint32_t users_a_page = 1'000;
constexpr std::uint32_t hidden_a_page = 400;  // two rows each: within a batch
constexpr std::size_t pages_max = 10'000;     // of a list; beyond that something is wrong
constexpr std::size_t counted_at_once_max = 100;

// Hands over a list page by page.
template <typename List, typename Take>
Result<void> each_page(const Call& call, follows::Follows& follows, List list, UserId user,
                       std::uint32_t limit, Take take) {
    follows::ListRequest request;
    request.set_user_id(user.value);
    request.set_limit(limit);
    for (std::size_t page = 0; page < pages_max; ++page) {
        TRY(const follows::UserPage users, (follows.*list)(call, request));
        TRY(const bool wants_more, take(users));
        if (!wants_more || users.next() == 0) return {};
        request.set_before(users.next());
    }
    return fail(error(Code::internal, "A list of people does not end.").detailed("beyond 10000 pages"));
}

std::span<const std::uint64_t> ids_of(const follows::UserPage& page) {
    return {page.user_ids().data(), static_cast<std::size_t>(page.user_ids_size())};
}

void add(std::vector<std::uint64_t>& all, const follows::UserPage& page) {
    all.insert(all.end(), page.user_ids().begin(), page.user_ids().end());
}

}  // namespace

Result<std::size_t> Filler::fill(const Call& call, UserId owner, sql::Batch& batch) {
    TRY_VOID(hide_all(call, owner));
    TRY(Ids authors, following(call, owner));
    TRY(Ids merged, merged_of(call, authors));
    std::ranges::sort(merged);
    std::erase_if(authors, [&](std::uint64_t author) { return std::ranges::binary_search(merged, author); });
    authors.push_back(owner.value);
    Newest newest{options_.kept_max};
    TRY_VOID(newest.read(call, tweets_, authors));
    for (const std::uint64_t author : merged)
        store_.merge(batch, UserId{author}, std::span{&owner.value, 1});
    store_.add(batch, owner, newest.entries());
    store_.complete(batch, owner, newest.oldest());
    return newest.entries().size();
}

Result<void> Filler::follow(const Call& call, UserId owner, UserId author, sql::Batch& batch) {
    TRY(const Owner kept, store_.owner(call, owner));
    if (!kept.complete) {
        TRY_VOID(fill(call, owner, batch));
        return {};
    }
    TRY(const Ids merged, store_.merged_authors(call, std::span{&author.value, 1}));
    if (!merged.empty()) {
        store_.merge(batch, author, std::span{&owner.value, 1});
        return {};
    }
    Newest newest{options_.kept_max};
    newest.begin_at(kept.oldest);
    TRY_VOID(newest.read(call, tweets_, std::span{&author.value, 1}));
    store_.add(batch, owner, newest.entries());
    store_.complete(batch, owner, newest.oldest());
    store_.trim(batch, owner, options_.kept_max);
    return {};
}

Result<void> Filler::merge_from_now(const Call& call, UserId author, sql::Batch& batch) {
    const auto merge_page = [&](const follows::UserPage& page) -> Result<bool> {
        sql::Batch some;
        store_.merge(some, author, ids_of(page));
        TRY_VOID(store_.commit(call, std::move(some)));
        return true;
    };
    const auto all =
        each_page(call, follows_, &follows::Follows::followers, author, users_a_page, merge_page);
    if (all) store_.merge_from_now(batch, author);
    return all;
}

Result<std::optional<std::vector<std::uint64_t>>> Filler::followers(const Call& call, UserId author) {
    Ids all;
    TRY_VOID(each_page(call, follows_, &follows::Follows::followers, author, users_a_page,
                       [&](const follows::UserPage& page) -> Result<bool> {
                           add(all, page);
                           return all.size() <= options_.merge_above_followers;
                       }));
    if (all.size() > options_.merge_above_followers) return std::nullopt;
    return all;
}

Result<void> Filler::hide_all(const Call& call, UserId owner) {
    TRY_VOID(hide_listed(call, owner, &follows::Follows::blocked, true));
    return hide_listed(call, owner, &follows::Follows::muted, false);
}

Result<void> Filler::hide_listed(const Call& call, UserId owner, List list, bool blocks) {
    Call as_owner = call;
    as_owner.user = owner;
    return each_page(as_owner, follows_, list, owner, hidden_a_page,
                     [&](const follows::UserPage& page) -> Result<bool> {
                         sql::Batch some;
                         for (const std::uint64_t other : page.user_ids()) {
                             store_.hide(some, owner, UserId{other}, blocks ? Why::blocks : Why::muted);
                             if (blocks) store_.hide(some, UserId{other}, owner, Why::blocked_by);
                         }
                         TRY_VOID(store_.commit(call, std::move(some)));
                         return true;
                     });
}

Result<Filler::Ids> Filler::following(const Call& call, UserId owner) {
    Ids all;
    TRY_VOID(each_page(call, follows_, &follows::Follows::following, owner, users_a_page,
                       [&](const follows::UserPage& page) -> Result<bool> {
                           add(all, page);
                           return true;
                       }));
    return all;
}

Result<Filler::Ids> Filler::merged_of(const Call& call, const Ids& authors) {
    for (std::span<const std::uint64_t> rest{authors}; !rest.empty();) {
        const auto some = rest.first(std::min(rest.size(), counted_at_once_max));
        TRY_VOID(merge_large(call, some));
        rest = rest.subspan(some.size());
    }
    return store_.merged_authors(call, authors);
}

Result<void> Filler::merge_large(const Call& call, std::span<const std::uint64_t> authors) {
    follows::UserIdsRequest request;
    request.mutable_user_ids()->Add(authors.begin(), authors.end());
    TRY(const auto counted, follows_.counts(call, request));
    TRY(const Ids merged, store_.merged_authors(call, authors));
    for (int i = 0; i < counted.counts_size(); ++i) {
        const std::uint64_t author = request.user_ids(i);
        if (counted.counts(i).followers() <= options_.merge_above_followers) continue;
        if (std::ranges::find(merged, author) != merged.end()) continue;
        sql::Batch batch;
        TRY_VOID(merge_from_now(call, UserId{author}, batch));
        TRY_VOID(store_.commit(call, std::move(batch)));
    }
    return {};
}

}  // namespace jebi::timelines
