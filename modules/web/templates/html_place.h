// Where in an HTML text one stands while reading it: it decides how a value there has to be escaped.
//
// A reading of HTML's tokenizer (https://html.spec.whatwg.org/multipage/parsing.html#tokenization) that
// knows as much of it as pages use. Everywhere else it says `closed`: no value may stand there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jebi::web {

enum class Place : std::uint8_t {
    text,           // between tags; also in a <title> or <textarea>
    attribute,      // the value of an attribute, in double quotes
    address_start,  // the same where nothing stands before, and it is an address: href="", src="", ...
    tag,            // between a tag's attributes: sections may begin and end here
    closed,         // in a name, a value without double quotes, an on...="" or style="", a comment, a
                    // <script> or <style>
};

class HtmlReader {
public:
    void read(std::string_view html);
    // A value stands here; it was escaped, so that it does not lead to another place.
    void skip_value() { value_begins_ = false; }
    // A section begins or ends here: a name does not go on behind it.
    void cut_name();
    // Takes the other way to this place into account, that around a section. False when it leads elsewhere.
    bool joins(const HtmlReader& other);

    Place place() const;

private:
    enum class State : std::uint8_t {
        text,
        opening,   // behind '<'
        tag_name,  // also that of </this>
        tag,
        cut,  // as `tag`, but no name may begin at once
        attribute_name,
        equals,  // behind the '='
        value,   // in quotes
        bare_value,
        declaration,  // <!doctype html>, and comments
        code,         // in a <script> or <style>
        lost,         // what comes now is not understood
    };

    void read(char c);
    void read_opening(char c);
    void read_tag_name(char c);
    void read_in_tag(char c);
    void read_behind_equals(char c);
    void read_declaration(char c);
    void end_tag();

    State state_ = State::text;
    std::string name_;       // of the tag, in lower case; "/p" for </p>
    std::string attribute_;  // that is being read
    std::string code_;       // "script" or "style" while in one
    char quote_ = '"';
    bool value_begins_ = false;
};

}  // namespace jebi::web
