#include "modules/log_analytics/store/bytes.h"

namespace jebi::log_analytics {

bool take_bytes(std::string_view& from, std::size_t size, std::string_view& bytes) {
    if (size > from.size()) return false;
    bytes = from.substr(0, size);
    from.remove_prefix(size);
    return true;
}

bool take_text(std::string_view& from, std::string_view& text) {
    std::uint64_t size = 0;
    return take_varint(from, size) && take_bytes(from, size, text);
}

}  // namespace jebi::log_analytics
