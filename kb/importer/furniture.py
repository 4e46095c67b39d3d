"""What stands around an article on a page and is no part of it: told by tags, by names of boxes, and by its words."""

from __future__ import annotations

import re
from itertools import pairwise

TAGS = frozenset(
    """script style noscript template nav aside footer form button iframe svg object embed select input textarea label
    dialog marquee figcaption canvas video audio map frame amp-sidebar amp-consent amp-social-share amp-ad
    amp-analytics amp-embed math""".split()
)
ROLES = frozenset("banner navigation dialog search contentinfo complementary alert alertdialog menu".split())
_BOX = re.compile(
    r"""^(?:shar(?:e|es|ing|edaddy|eaholic)|social|soc|addtoany|related|jp-?relatedposts|relatedposts|newsletter|nl|
    subscri\w*|comments?|respond|responses|disqus|cookies?|consent|gdpr|cc|promos?|advert\w*|ads?|adslot|sidebar|widget|
    breadcrumbs?|crumbs|toc|contents|menu|megamenu|nav|navbar|navigation|pager|pagination|footer|foot|colophon|byline|
    posted|tags?|tagcloud|trending|popular|recommended|outbrain|taboola|sponsor\w*|follow|feedback|poll|modal|overlay|
    popup|topbar|masthead|skip|speechify|readermode|print|screenreader|mc4wp|scorebar|ticker|cta|signup|paywall|
    claps|vote|bio|authorbox|copyright|legal|disclaimer|hidden|donate|banner|latest|sticky|slider|access|controls)$""",
    re.X,
)
_PAIRS = frozenset(
    """author-box author-bio table-of-contents screen-reader skip-link most-read more-from see-also read-more
    also-read you-may read-next post-navigation post-meta entry-meta entry-footer post-info ad-slot tag-cloud
    post-sharing social-share live-controls""".split()
)
_LINE = re.compile(
    r"""^(?:
    (?:leave|cancel|post)\ a?\ ?(?:reply|comment)\b.*|your\ email\ address\ will\ not\ be\ published\b.*|
    required\ fields\ are\ marked\b.*|(?:back|go|return)\ to\ (?:the\ )?top|top\ of\ page|posted\ (?:in|on|by)\b.*|
    filed\ under\b.*|tagged\b.{0,80}|labels?:.*|tags?:.*|category:.*|categories:.*|read\ more\b.{0,120}|also\ read\b.*|
    read\ also\b.*|see\ also:?.{0,100}|also\ on\ (?:the|this)\b.*|related(?:\ (?:posts?|articles?|stories|news))?\b:?.{0,60}|
    you\ (?:may|might)\ also\ (?:like|enjoy)\b.*|more\ from\b.*|recommended\b.{0,60}|most\ (?:read|popular)\b.{0,60}|
    trending\b.{0,40}|popular\ (?:posts?|tags)|recent\ (?:posts?|comments)|latest\ stories|archives?|
    share(?:\ this)?(?:\ (?:on|to|via|post|article|story|update)\b.*)?:?|share\b.{0,60}(?:facebook|twitter|whatsapp|email|tweet|pin\ it).*|
    (?:facebook|twitter|linkedin|whatsapp|email|tweet|pin\ it|copy\ link|print|telegram)(?:[\ |·,/]+(?:facebook|twitter|linkedin|whatsapp|email|tweet|share|pin\ it|copy\ link|print|telegram))*|
    e-?mail\ this\b.*|print(?:er)?[- ](?:this|friendly)\b.*|click\ to\ (?:share|print|email)\b.*|
    (?:sign\ (?:up|in)|log\ in|subscribe)\b.{0,60}|(?:log\ in|register)(?:\ [|/]\ (?:log\ in|register))*|join\ our\ newsletter|get\ the\ .*\bin\ your\ inbox|
    never\ miss\b.*|type\ your\ email.*|enter\ your\ email.*|save\ my\ name,\ email\b.*|
    we\ (?:use|value)\ (?:cookies|your\ privacy)\b.*|this\ (?:site|website|page)\ uses\ cookies\b.*|by\ clicking\b.*cookies?.*|
    (?:we\ and\ )?our\ (?:\d+\ )?partners\b.*|we\ and\ \d+\ partners\b.*|manage\ (?:cookie|consent)\b.*|accept(?:\ all)?|cookie\ settings|
    advertisement|sponsored\b.*|ad(?:vert)?|promoted\b.*|no\ comments:?|\d+\ comments?|comments\ \(\d+\).*|comments?:?|
    \d[\d.,]*k?\ (?:shares?|claps|views|likes|comments)|\d+\ min(?:ute)?s?\ read|
    (?:newer|older|next|previous|prev)\ (?:posts?|page|article|story)\b.{0,60}|next:.*|previous:.*|page\ \d+\ of\ \d+.*|
    prevprevious.*|nextnext.*|«.*|.*»|<<.*|[-–—|·•*_=\s]+|
    (?:©|copyright\b|\(c\)\ \d{4}|all\ rights\ reserved).*|proudly\ powered\ by\b.*|powered\ by\b.*|designed\ with\b.*|
    (?:simple\ )?theme\b.*powered\b.*|best\ viewed\ (?:in|with)\b.*|site\ last\ updated\b.*|last\ updated:.*|visitor\ no\b.*|
    you\ are\ (?:visitor|here)\b.*|sign\ (?:our|the)\ guestbook.*|webring\b.*|published\ (?:in|by)\b.*|follow\ (?:us|our|the)\b.{0,80}|follow|
    listen\ to\ (?:this\ )?(?:article|story)\b.*|image\ credits?:.*|photo(?:graph)?:.*|picture:.*|source:\ .{0,60}|
    (?:home|you\ are\ here)\b.{0,12}[>›»/].*|table\ of\ contents|in\ this\ article|on\ this\ page|skip\ to\b.*|
    (?:media|press)\ contact\b.*|for\ media\ (?:inquiries|enquiries)\b.*|tip\ us\ off\b.*|write\ to\ (?:us|the\ editor)\b.*|
    was\ this\ (?:page|article)\ helpful\b.*|rate\ this\b.*|report\ abuse|
    .*\bnot\ been\ edited\ by\ our\ staff\b.*|.*\bauto-?generated\ from\b.*\bfeed\b.*|
    this\ live\ (?:page|blog)\ has\ ended\b.*|thank\ you\ for\ (?:following|reading)\b.*|
    your\ browser\ does\ not\ support\b.*|this\ (?:page|site)\ (?:needs|uses)\ frames\b.*|you\ need\ to\ enable\ javascript\b.*|loading,?\ please\ wait\b.*|
    you\ have\ read\ \d+\ of\b.*|this\ is\ not\ (?:medical|legal|financial|investment)\ advice\b.*|reprints?:.*|
    the\ views\ expressed\b.*|about\ the\ author|author|responses\ \(\d+\)|\W*
    )$""",
    re.X | re.I,
)


def named(attributes: dict[str, str | None]) -> bool:
    """Whether a box is furniture by its role, its hiding, or the words of its class and id."""
    if attributes.get("role") in ROLES or "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", attributes.get("style") or ""):
        return True
    for name in f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split():
        words = re.findall(r"[a-z]+\d*[a-z]*", re.sub(r"([a-z])([A-Z])", r"\1-\2", name).lower())
        pairs = {f"{first}-{second}" for first, second in pairwise(words)}
        if pairs & _PAIRS or any(_BOX.match(word) for word in words):
            return True
    return False


def line(text: str) -> bool:
    """Whether a whole line says what furniture says."""
    return bool(_LINE.match(text))
