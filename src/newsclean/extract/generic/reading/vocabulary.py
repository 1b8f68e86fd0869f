"""The words that names of elements (class, id) are read by: what each says of the text inside.

Only words that mean the same on every site stand here. In a list the first match wins; `-` joins the
words of a phrase, `?` makes the character before it optional, `[ao]` stands for either.
"""

from __future__ import annotations

from typing import Final

__all__ = ["NOISE_WORDS", "ROLE_WORDS"]

NOISE_WORDS: Final = (
    (
        "comments",
        """
        comments? comment-list comment-form disqus respond replies kommentare? commentaires coral
        discussion-thread
        """,
    ),
    (
        "newsletter",
        """
        newsletters? subscribe subscriptions? signup sign-up register donate donation cta mailchimp optin
        """,
    ),
    (
        "advert",
        """
        ads? adv advert adverts advertisement advertising advertorial sponsor sponsors sponsored sponsoring
        banner banners dfp gpt werbung anzeige reklama reklam publicidad publicidade pubblicita publicite
        promo promos promotion promobox adsbygoogle adslot adbox adcontainer affiliate commercial adsense
        """,
    ),
    (
        "related",
        """
        related relatedposts relacionad[ao]s recommend recommended recommendation recommendations recirc
        recirculation teaser teasers trending popular most-read mostread most-popular most-viewed readmore
        read-more see-also seealso read-also more-on more-from more-stories more-news read-next outbrain
        taboola jp-relatedposts you-may-like also-like may-also onward up-next next-up latest latest-news
        recent-posts recentposts linkbox link-box linklist weiterlesen mehr-zum-thema top-stories topstories
        similar crosslink cross-link carousel swiper slider owl-carousel slick post-navigation post-nav
        prev-next next-prev nav-links article-list news-list newslist crp prevnext
        """,
    ),
    (
        "share",
        """
        share shares sharing sharebar sharethis social socials addthis addtoany sharedaddy follow follow-us
        followus bookmark print-button share-buttons teilen compartir actions article-tools toolbar tools
        """,
    ),
    (
        "author-box",
        """
        bio bios biography author-box authorbox about-author about-the-author author-bio author-info
        author-card author-description author-profile authors-box post-author vcard
        """,
    ),
    (
        "navigation",
        """
        nav navi navs navbar navigation menu menus submenu megamenu breadcrumb breadcrumbs pagination pager
        paginator sitemap skip skip-link skiplink masthead topbar offcanvas dropdown hamburger burger toc
        table-of-contents tableofcontents lwptoc ez-toc subnav topnav site-header page-header-nav mainnav
        language-switcher lang-switcher search searchform search-form jump-links anchor-links
        """,
    ),
    (
        "tags",
        """
        tags taglist tag-list tag-links tagcloud topics topic-list keywords schlagworte post-tags
        article-tags entry-tags categories cat-links post-categories
        """,
    ),
    (
        "footer",
        """
        footer foot colophon site-footer page-footer copyright legal disclaimer site-info imprint impressum
        """,
    ),
    (
        "media",
        """
        video-player videoplayer jwplayer audio-player audioplayer podcast-player player lightbox video-js
        vjs twitter-tweet instagram-media tiktok-embed fb-post bluesky-embed embed-consent oembed
        embed-placeholder
        """,
    ),
    (
        "widget",
        """
        sidebar aside side-bar rail right-rail left-rail cookie cookies consent gdpr modal modals popup
        popups popover overlay tooltip login log-in signin sign-in account feedback poll quiz rating ratings
        survey screen-reader-text sr-only visually-hidden visuallyhidden skeleton toast notice notification
        notifications weather ticker stock-ticker infobox info-box factbox calculator cart wishlist
        app-promo alert buttons btn button
        """,
    ),
)
ROLE_WORDS: Final = (
    (
        "caption",
        """
        captions? figcaption wp-caption-text wp-caption bildunterschrift bildtext legende image-credits?
        photo-credits? img-credits? picture-credits? image-text image-description picture-text photo-text
        credits? image-copyright bildnachweis photographer copyright-info image-source img-caption
        image-info
        """,
    ),
    (
        "byline",
        """
        byline bylines authors? author-names? autore?s? autoren writers? reporters? journalists?
        contributors? writtenby written-by post-author entry-author by-author signature redakteur verfasser
        muhabir yazar
        """,
    ),
    (
        "date",
        """
        dates? datetime timestamp time times published pubdate publish-date published-date post-date updated
        last-updated modified datum fecha data-hora reading-time readtime read-time duration dateline tarih
        """,
    ),
    (
        "standfirst",
        """
        standfirst stand-first deks? deck chapeau chapo lede lead leads leadtext lead-text vorspann subtitle
        sub-title subtitles subheadline sub-headline subhead sub-heading subheading subheader abstract
        summary speakable-summary intro introtext intro-text introduction teaser-text excerpt perex ingress
        preamble manchet spot strapline tagline sommaire sottotitolo entradilla bajada copete resumen anriss
        headline-sub article-description article-summary
        """,
    ),
    (
        "label",
        """
        kicker eyebrow overline category rubrik topline label badge roofline dachzeile spitzmarke
        section-name section-title pretitle pre-title flag
        """,
    ),
    (
        "body",
        """
        article-?body article-?content article-?text story-?body story-?content story-?text post-?content
        post-?body entry-?content content-?body body-?content body-?text richtext rich-text prose
        news-?content news-?text news-?body main-?content articletext page-content single-content text-body
        blog-content
        """,
    ),
)
