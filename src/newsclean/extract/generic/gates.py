"""Pages that refuse to show a story: errors, logins, cookie walls, checks for robots."""

from __future__ import annotations

import re

from newsclean.text import squeeze

__all__ = ["refuses"]

_REFUSAL = re.compile(
    r"\b(?:(?:error )?(?:404|403|410|50[0234])(?:\W{1,3}(?:error|(?:page )?not found|forbidden|gone))?|not found|"
    r"(?:page|article|story|content|url) (?:was |is )?(?:not (?:be )?found|no longer available|"
    r"cannot be found|can.t be found|does not exist|unavailable|missing)|access (?:to this page )?(?:has been )?denied|"
    r"forbidden|just a moment|"
    r"not a (?:ro)?bot|are you (?:a )?(?:human|robot)|"
    r"verify (?:that )?you are|making sure you.{1,3}re not a (?:ro)?bot|"
    r"security check|"
    r"attention required|(?:please )?enable (?:javascript|cookies)|service (?:temporarily )?unavailable|"
    r"checking your browser|too many requests|something went wrong|oops|we value your privacy|before you continue|"
    r"cookie (?:settings|consent|einstellungen|policy)|bevor sie fortfahren|avant de continuer|"
    r"seite (?:wurde )?nicht (?:gefunden|verfügbar)|zugriff verweigert|page (?:introuvable|non trouvée)|accès refusé|"
    r"página no encontrada|acceso denegado|pagina non trovata|accesso negato|página não (?:foi )?encontrada|"
    r"pagina niet gevonden|toegang geweigerd|siden (?:ble|blev) ikke fun|sidan (?:kunde inte hittas|hittades inte)|"
    r"sivua ei löyty|nie znaleziono strony|strona nie (?:została znaleziona|istnieje)|stránka (?:nenalezena|nebyla)|"
    r"stránka sa nenašla|az oldal nem található|pagina nu a fost găsită|страница не найдена|доступ (?:запрещ|огранич)|"
    r"сторінку не знайдено|страницата не е намерена|sayfa bulunamadı|halaman tidak ditemukan|không tìm thấy trang)\b|"
    r"页面不存在|找不到(?:页面|頁面|该页)|无法访问|ページが見つかりません|페이지를 찾을 수 없|"
    r"لم يتم العثور|الصفحة غير موجودة|"
    r"הדף לא נמצא|पृष्ठ नहीं मिला",
    re.IGNORECASE,
)
_GATE = re.compile(
    r"\W*(?:log[ -]?in|sign[ -]?in|log[ -]?on|register|subscribe|anmelden|anmeldung|login|connexion|se connecter|"
    r"iniciar sesión|accedi|entrar|inloggen|logga in|logg inn|log ind|kirjaudu|zaloguj(?: się)?|logowanie|přihlášení|"
    r"bejelentkezés|autentificare|вход|войти|авторизация|увійти|giriş(?: yap)?|"
    r"登录|登入|ログイン|로그인|تسجيل الدخول|masuk|"
    r"cookies?|error|fehler|erreur|ошибка|hata)\W*",
    re.IGNORECASE,
)
_PART = 0.3
_FIRST_WORDS = 80


def refuses(title: str | None, first: str, *, is_bare: bool) -> bool:
    """Whether a title says that there is nothing to read; with hardly a text, the first words may say so too."""
    title = squeeze(title or "")
    said = _REFUSAL.search(title)
    if said and (is_bare or len(said[0]) >= len(title) * _PART):
        return True
    return bool(title and _GATE.fullmatch(title)) or (is_bare and bool(_REFUSAL.search(first[:_FIRST_WORDS])))
