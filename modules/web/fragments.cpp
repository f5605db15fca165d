#include "modules/web/fragments.h"

namespace jebi::web {

SharedHtml Fragments::find(std::uint64_t place, const MadeFrom& from) const {
    const std::lock_guard lock{mutex_};
    const Kept* const kept = kept_.find(place);
    return kept == nullptr || kept->from != from.bytes() ? nullptr : kept->html;
}

void Fragments::keep(std::uint64_t place, MadeFrom from, SharedHtml html) {
    const std::lock_guard lock{mutex_};
    kept_.put(place, {.from = from.bytes(), .html = std::move(html)});
}

}  // namespace jebi::web
