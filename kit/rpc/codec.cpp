#include "kit/rpc/codec.h"

#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "kit/http/message.h"
#include "kit/rpc/rpc.h"

namespace jebi::rpc {

namespace {

constexpr std::size_t reason_bytes_max = 200;

using google::protobuf::util::JsonParseOptions;
using google::protobuf::util::JsonStringToMessage;
using google::protobuf::util::MessageToJsonString;

// Takes the next part of "type; name=value; ..." off the list, without the blanks around it.
std::string_view next_part(std::string_view& list) {
    constexpr std::string_view blanks = " \t";
    auto part = list.substr(0, list.find(';'));
    list.remove_prefix(std::min(list.size(), part.size() + 1));
    part.remove_prefix(std::min(part.size(), part.find_first_not_of(blanks)));
    return part.substr(0, part.find_last_not_of(blanks) + 1);
}

// Does a media type's list of parameters ask for another charset than UTF-8?
bool foreign_charset(std::string_view parameters) {
    while (!parameters.empty()) {
        const auto parameter = next_part(parameters);
        const auto name = parameter.substr(0, parameter.find('='));
        const auto value = parameter.substr(std::min(parameter.size(), name.size() + 1));
        const bool utf8 =
            http::equal_without_case(value, "utf-8") || http::equal_without_case(value, "\"utf-8\"");
        if (http::equal_without_case(name, "charset") && !utf8) return true;
    }
    return false;
}

// Protobuf writes a line to stderr for each message from outside that is none; the answer says it already.
void silence_protobuf() {
    [[maybe_unused]] static const auto loud = google::protobuf::SetLogHandler(nullptr);
}

std::unexpected<Error> too_large() {
    return fail(error(Code::exhausted, "This message is too large: 4 MiB is the limit.")
                    .because("message_too_large"));
}

// Why it was refused, at a length that can be answered: protobuf quotes what it read, however long that is.
std::string_view brief(std::string_view reason) {
    auto line = reason.substr(0, std::min(reason.find('\n'), reason_bytes_max));
    while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0x80) != 0)
        line.remove_suffix(1);
    return line;
}

Result<void> decode_json(std::string_view bytes, google::protobuf::Message& message) {
    JsonParseOptions options;
    options.ignore_unknown_fields = true;
    const auto status = JsonStringToMessage({bytes.data(), bytes.size()}, &message, options);
    if (status.ok()) return {};
    const auto reason = brief({status.message().data(), status.message().size()});
    return fail(Code::invalid,
                "This is not the JSON of a " + message.GetTypeName() + ": " + std::string(reason));
}

}  // namespace

static_assert(message_bytes_max == 4 * 1024 * 1024, "too_large() says so");

std::string_view content_type(Codec codec) {
    return codec == Codec::proto ? "application/proto" : "application/json";
}

std::optional<Codec> codec_of(std::string_view content_type) {
    auto parameters = content_type;
    const auto type = next_part(parameters);
    if (http::equal_without_case(type, "application/proto")) return Codec::proto;
    if (!http::equal_without_case(type, "application/json") || foreign_charset(parameters))
        return std::nullopt;
    return Codec::json;
}

Result<std::string> encode(Codec codec, const google::protobuf::Message& message) {
    silence_protobuf();
    std::string bytes;
    if (message.ByteSizeLong() > message_bytes_max) return too_large();
    const bool done =
        codec == Codec::proto ? message.SerializeToString(&bytes) : MessageToJsonString(message, &bytes).ok();
    if (!done) {
        return fail(error(Code::internal, "Something went wrong on our side.")
                        .detailed("cannot encode a " + message.GetTypeName()));
    }
    return bytes;
}

Result<void> decode(Codec codec, std::string_view bytes, google::protobuf::Message& message) {
    silence_protobuf();
    if (bytes.size() > message_bytes_max) return too_large();
    if (codec == Codec::json) return decode_json(bytes, message);
    if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return {};
    return fail(Code::invalid, "This is not a " + message.GetTypeName() + " in protobuf's encoding.");
}

}  // namespace jebi::rpc
