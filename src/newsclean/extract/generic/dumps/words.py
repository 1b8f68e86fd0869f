"""Words that tell what a line of a dump is: fixed labels of news pages and function words, in many languages.

Two tables for labels: what a line *starts* with (up to four words), and single words that count
*anywhere* in a short line. Both give a `Cue`. Languages without spaces have patterns instead.
Everything is compared in lower case with outer punctuation taken off each word.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

__all__ = ["CUE_WORDS", "FUNCTION_WORDS", "KNOWN_WORDS", "Cue", "cue_of"]


class Cue(IntEnum):
    """What a label says about its line; the order is that of precedence."""

    NONE = 0
    RELATED = 1
    SHARE = 2
    NEWSLETTER = 3
    ADVERT = 4
    COPYRIGHT = 5
    COMMENTS = 6
    NAVIGATION = 7
    CREDIT = 8
    BYLINE = 9
    TIME = 10
    NOTICE = 11


_STARTS: Final = {
    Cue.RELATED: """
related|related articles|related stories|related posts|related content|related topics|related news|related links|
related:|read more|read also|read next|also read|see also|more on|more from|more stories|more news|more articles|
more about|more like this|you may also|you might also|you may like|you might like|recommended|recommended for you|
recommended stories|most read|most popular|most viewed|popular|popular posts|popular articles|trending|trending now|
latest|latest news|latest stories|latest articles|top stories|top news|editor's picks|editors' picks|editor's choice|
editors pick|explore more|up next|next story|previous story|next article|previous article|next post|previous post|
next up|recent posts|recent articles|recent news|what else|also on|you can also read|further information|
other stories|other articles|next in|dive deeper|go deeper|in this section|keep reading|continue reading|don't miss|
in case you missed|what to read next|read the full|full story|go deeper|further reading|featured|featured articles|
in other news|more topics|tags|tagged|topics|topic|filed under|categories|explore|sponsored stories|from our partners|
from the archive|around the web|mehr zum thema|mehr zu|mehr von|mehr dazu|mehr aus|mehr über|mehr lesen|mehr artikel|
mehr infos|lesen sie auch|lesen sie mehr|lesen sie hier|lesen sie dazu|lesen sie weiter|lies auch|lesetipp|
auch interessant|das könnte sie|das könnte dich|das könnte ihnen|passend dazu|zum thema|themen|thema|schlagworte|
weitere artikel|weitere themen|weitere meldungen|weitere nachrichten|weiterlesen|meistgelesen|meistgelesene|
meist gelesen|beliebt|neueste|aktuelle nachrichten|empfohlen|empfehlungen|siehe auch|verwandte|ähnliche|
themen des artikels|aus dem ressort|jetzt lesen|top-themen|die redaktion empfiehlt|redaktion empfiehlt|stellenmarkt|
weitere videos|weitere it-trainings|aktuelle angebote|neueste artikel|zum weiterlesen|hintergrund|exklusive|
lesen sie dazu auch|lies dazu|audio und video|à lire aussi|a lire aussi|lire aussi|à lire|lire la suite|
lire également|voir aussi|sur le même|dans la même|à découvrir|articles liés|articles similaires|les plus lus|
plus d'articles|nos derniers|à voir aussi|pour aller plus loin|le plus lu|sujets|lea también|lee también|leer también|
lea más|leer más|te puede interesar|te recomendamos|le puede interesar|más información|más noticias|
noticias relacionadas|artículos relacionados|lo más leído|lo más visto|ver más|también te|relacionado|relacionadas|
temas|etiquetas|archivado en|más sobre|más en|leia também|leia mais|leia ainda|veja também|veja mais|mais lidas|
mais lidos|relacionadas|relacionados|saiba mais|tópicos|mais sobre|ler mais|outras notícias|leggi anche|leggi tutto|
leggi di più|potrebbe interessarti|ti potrebbe interessare|articoli correlati|i più letti|le più lette|vedi anche|
per approfondire|altri articoli|argomenti|notizie correlate|lees ook|lees meer|lees verder|meer over|meer nieuws|
meest gelezen|gerelateerd|bekijk ook|ook interessant|meer van|lees meer over|onderwerpen|läs också|läs även|läs mer|
mer om|mest läst|mest lästa|relaterat|fler artiklar|senaste nytt|ämnen|les også|les mer|les mer om|mer om|mest lest|
relaterte|siste nytt|læs også|læs mere|mere om|mest læste|relaterede|emner|seneste nyt|lue myös|lue lisää|luetuimmat|
aiheet|aiheesta|lisää aiheesta|uusimmat|lesa meira|czytaj także|czytaj też|czytaj również|czytaj więcej|czytaj dalej|
zobacz także|zobacz też|zobacz również|przeczytaj także|przeczytaj też|polecane|powiązane|najnowsze|
najczęściej czytane|popularne|więcej na temat|tematy|tagi|polecamy|čtěte také|čtěte i|čtěte více|mohlo by vás|
související|nejčtenější|nejnovější|doporučujeme|více k tématu|témata|štítky|prečítajte si|čítajte tiež|súvisiace|
mohlo by|najčítanejšie|olvassa el|kapcsolódó|legolvasottabb|ajánlott|még több|további cikkek|címkék|citește și|
citeşte şi|citește mai|cele mai citite|articole similare|pe aceeași temă|vezi și|etichete|pročitajte|pročitajte još|
pročitaj i|povezane|najčitanije|više o|vezano|preberite tudi|najbolj brano|прочитајте|најчитаније|читайте также|
читайте ещё|читайте еще|смотрите также|по теме|ещё по теме|еще по теме|другие новости|новости по теме|
материалы по теме|главное|популярное|самое читаемое|подробнее|похожие|последние новости|теги|темы|ранее:|рекомендуем|
больше новостей|лента новостей|читайте також|дивіться також|читати далі|за темою|схожі|останні новини|популярні|
найпопулярніше|більше новин|теми|чытайце таксама|чети още|вижте още|прочетете още|още по темата|свързани|най-четени|
διαβάστε επίσης|διαβάστε ακόμα|διαβάστε περισσότερα|σχετικά|δείτε επίσης|δημοφιλή|ετικέτες|ροή ειδήσεων|
ilgili haberler|ilgili haber|ayrıca okuyun|bunlar da ilginizi|ilginizi çekebilir|çok okunanlar|en çok okunan|
son dakika|etiketler|diğer haberler|daha fazla|günün öne|sıradaki haber|اقرأ أيضا|اقرأ أيضًا|إقرأ أيضا|إقرأ المزيد|
اقرأ المزيد|مواضيع ذات|موضوعات ذات|مقالات ذات|أخبار ذات|الأكثر قراءة|شاهد أيضا|ذات صلة|قد يعجبك|كلمات مفتاحية|الوسوم|
المزيد من|بیشتر بخوانید|مطالب مرتبط|اخبار مرتبط|پربیننده ترین|برچسب ها|برچسب|مزید پڑھیں|یہ بھی پڑھیں|متعلقہ|קרא עוד|
קראו גם|קראו עוד|כתבות נוספות|אולי יעניין|עוד בנושא|תגיות|यह भी पढ़ें|ये भी पढ़ें|और पढ़ें|संबंधित|इसे भी पढ़ें|
আরও পড়ুন|আরো পড়ুন|সম্পর্কিত|மேலும் படிக்க|ఇవి కూడా|ఇంకా చదవండి|കൂടുതൽ വായിക്കുക|આ પણ વાંચો|हेही वाचा|ਇਹ ਵੀ ਪੜ੍ਹੋ|
baca juga|baca selengkapnya|berita terkait|artikel terkait|lihat juga|terpopuler|terkini|topik terkait|berita lainnya|
rekomendasi|pilihan|xem thêm|tin liên quan|bài liên quan|đọc thêm|có thể bạn|chủ đề|từ khóa|tin cùng|funda olunye|
funda nale|funda okunye|funda|lees verder|soma pia|soma zaidi|habari zinazohusiana|lees ook|อ่านเพิ่มเติม|
ข่าวที่เกี่ยวข้อง|อ่านข่าว|
""",
    Cue.SHARE: """
share|share this|share on|share via|share story|share article|share to|tweet|facebook|twitter|whatsapp|linkedin|email|
e-mail|print|copy link|link copied|telegram|pinterest|reddit|x|instagram|youtube|tiktok|bookmark|save|save article|
save this|gift|gift article|listen|listen to|listen now|follow|follow us|follow on|subscribe on|add us|add as|
republish|view|like|font size|text size|copy|copied|flipboard|messenger|threads|bluesky|teilen|artikel teilen|drucken|
merken|link kopieren|auf facebook|auf twitter|auf x|per whatsapp|per e-mail|artikel anhören|anhören|vorlesen|
folgen sie|folgen|kopieren|schriftgröße|senden|artikel drucken|partager|partager sur|partagez|imprimer|envoyer|
copier le|écouter|suivez|suivre|enregistrer|compartir|comparte|compartir en|imprimir|guardar|copiar|copiar enlace|
escuchar|síguenos|enviar|enviar por|compartilhar|compartilhe|partilhar|partilhe|copiar link|siga|ouvir|salvar|
condividi|condividi su|stampa|ascolta|segui|seguici|salva|copia|copia link|invia|deel|delen|deel dit|deel op|bewaar|
afdrukken|beluister|volg|dela|dela på|spara|lyssna|kopiera|kopiera länk|skriv ut|del|del på|del artikkel|lytt|kopier|
kopier lenke|skriv ut|gem|lyt|jaa|tulosta|tallenna|kuuntele|jaa artikkeli|deila|udostępnij|podziel się|drukuj|kopiuj|
kopiuj link|skopiuj|posłuchaj|obserwuj|sdílet|sdílejte|tisk|kopírovat|poslechnout|zdieľať|zdieľaj|megosztás|megosztom|
nyomtatás|distribuie|trimite|tipărește|podijeli|podeli|deli|поделиться|поделись|распечатать|скопировать|
скопировать ссылку|слушать|подписывайтесь|подпишитесь|подписаться|поділитися|поділитись|друк|копіювати|слухати|
підписуйтесь|сподели|κοινοποίηση|μοιραστείτε|εκτύπωση|paylaş|yazdır|dinle|kopyala|takip et|abone ol|شارك|مشاركة|طباعة|
نسخ الرابط|استمع|تابعنا|اشتراک گذاری|שתף|שיתוף|הדפסה|शेयर|शेयर करें|फॉलो|শেয়ার|பகிர்|bagikan|ikuti|simpan|salin|
chia sẻ|in bài|theo dõi|shiriki|แชร์|view gallery|open gallery|close|open in|zoom|enlarge|view image|view images|
view fullscreen|image|images|photo|photos|video|videos|watch|watch now|play|pause|mute|unmute|play video|
""",
    Cue.NEWSLETTER: """
newsletter|newsletters|sign up|sign up for|subscribe|subscribe to|subscribe now|get the|get our|join our|join us|
join the|enter your email|your email|email address|stay informed|stay up to date|stay connected|never miss|delivered|
download the|download our|get breaking|want more|support|support our|donate|become a|abonnieren|jetzt abonnieren|
newsletter abonnieren|jetzt anmelden|melden sie sich|jetzt testen|jetzt registrieren|hier anmelden|jetzt kostenlos|
mit der anmeldung|ihre e-mail|e-mail-adresse|unterstützen sie|jetzt spenden|kostenlos|bleiben sie|ich akzeptiere|
testen sie|inscrivez-vous|s'inscrire|abonnez-vous|s'abonner|je m'abonne|recevez|recevoir|votre adresse|votre email|
votre e-mail|suscríbete|suscribirse|suscríbase|recibe|regístrate|tu correo|apúntate|inscreva-se|assine|receba|
cadastre-se|subscreva|iscriviti|abbonati|ricevi|iscriviti alla|la tua email|schrijf je|meld je|aanmelden|abonneer|
word abonnee|ontvang|prenumerera|registrera|anmäl|bli prenumerant|få nyhetsbrevet|abonner|meld deg|tilmeld|
bliv abonnent|få|tilaa|uutiskirje|zapisz się|zapisz|subskrybuj|dołącz|przihlaste se|přihlaste|odebírat|odoberajte|
prihláste|iratkozzon|feliratkozás|abonează-te|aboneaza-te|prijavite se|pretplatite|подписка|рассылка|подпишись|
підпишіться|підписатися|абонирайте|εγγραφείτε|εγγραφή|abone|bülten|kayıt ol|اشترك|النشرة|انضم|عضویت|הירשמו|הרשמה|
सब्सक्राइब|हमारे|langganan|berlangganan|daftar|dapatkan|gabung|đăng ký|jiunge|
""",
    Cue.ADVERT: """
advertisement|advertisements|advertising|ad|ads|advert|sponsored|sponsored by|sponsored content|promoted|
promoted content|paid content|partner content|article continues|story continues|continue below|this advertisement|
skip ad|scroll to continue|ad feedback|affiliate|shop now|buy now|anzeige|werbung|advertorial|gesponsert|
ende der anzeige|dieser artikel enthält|publicité|publicidad|anuncio|publicidade|pub|anúncio|continua após|
continua depois|pubblicità|annuncio|advertentie|advertentie:|annons|artikkelen fortsetter|artikeln fortsätter|annonse|
annonsørinnhold|annonce|artiklen fortsætter|mainos|auglýsing|reklama|dalsza część artykułu|materiał promocyjny|
artykuł sponsorowany|reklam|hirdetés|publicitate|oglas|реклама|на правах рекламы|διαφήμιση|إعلان|اعلان|تبلیغات|פרסומת|
विज्ञापन|বিজ্ঞাপন|விளம்பரம்|iklan|advertisement - scroll|scroll to resume|quảng cáo|tangazo|โฆษณา|
""",
    Cue.COPYRIGHT: """
copyright|©|(c)|all rights|all rights reserved|terms of|terms and|terms|privacy|privacy policy|cookie|cookies|
cookie policy|we use cookies|this site is|this site uses|by continuing|by signing|by submitting|by clicking|
by subscribing|by entering|reproduction|powered by|designed by|made with|alle rechte|impressum|datenschutz|
datenschutzerklärung|agb|nutzungsbedingungen|tous droits|mentions légales|conditions|politique de|todos los derechos|
aviso legal|política de|todos os direitos|termos de|tutti i diritti|riproduzione riservata|p.iva|p. iva|informativa|
alle rechten|algemene voorwaarden|privacybeleid|alla rättigheter|ansvarig utgivare|alle rettigheter|alle rettigheder|
kaikki oikeudet|wszelkie prawa|wszystkie prawa|regulamin|polityka prywatności|všechna práva|všetky práva|minden jog|
adatvédelem|toate drepturile|sva prava|vse pravice|все права|при использовании|перепечатка|использование материалов|
политика|пользовательское|усі права|всі права|передрук|всички права|με επιφύλαξη|όλα τα δικαιώματα|tüm hakları|
gizlilik|kvkk|جميع الحقوق|حقوق النشر|سياسة الخصوصية|تمامی حقوق|כל הזכויות|सर्वाधिकार|hak cipta|kebijakan|bản quyền|
haki zote|
""",
    Cue.COMMENTS: """
comments|comment|no comments|leave a comment|leave a reply|post a comment|add a comment|add comment|
join the conversation|join the discussion|view comments|show comments|read comments|reply|report|log in to|
login to comment|sign in to|have your say|what do you think|replies|responses|discussion|newest|oldest|was this|
did you find|kommentare|kommentar|kommentieren|kommentar schreiben|kommentare anzeigen|diskutieren sie|diskussion|
antworten|ihre meinung|hat ihnen|war dieser artikel|haben sie fehler|fehler melden|leserkommentare|commentaires|
commenter|réagir|laisser un|vos réactions|comentarios|comentar|comenta|deja un|ver comentarios|comentários|deixe|
deixe um|commenti|commenta|lascia un|reacties|reageer|reageren|kommentarer|kommentera|kommenter|diskuter|kommentit|
kommentoi|komentarze|komentarz|skomentuj|dodaj komentarz|komentáře|diskuse|komentáre|diskusia|hozzászólások|
comentarii|lasă un|komentari|komentiraj|комментарии|комментировать|оставить комментарий|обсудить|коментарі|
прокоментувати|коментари|σχόλια|yorumlar|yorum|yorum yap|تعليقات|التعليقات|أضف تعليق|نظرات|نظر شما|תגובות|टिप्पणी|
কমেন্ট|komentar|bình luận|ý kiến|maoni|
""",
    Cue.NAVIGATION: """
home|menu|search|log in|login|sign in|register|my account|account|skip to|about|about us|contact|contact us|careers|
jobs|advertise|advertise with|faq|help|back to|back to top|go to|sections|site map|sitemap|rss|archive|archives|
e-paper|epaper|podcasts|games|weather|puzzles|horoscope|crossword|loading|load more|show more|see all|view all|
see more|view more|all news|language|english|edition|table of contents|contents|in this article|jump to|on this page|
breadcrumb|manage|open|toggle|next|previous|prev|startseite|anmelden|abmelden|suche|menü|kontakt|über uns|
zur startseite|nach oben|zum inhalt|mediadaten|stellenmarkt|karriere|wetter|inhalt|inhaltsverzeichnis|alle themen|
ressorts|mehr anzeigen|alle anzeigen|schließen|accueil|recherche|se connecter|connexion|contactez|qui sommes|plan du|
météo|sommaire|retour|voir plus|fermer|afficher|inicio|buscar|iniciar sesión|contacto|quiénes somos|acerca de|volver|
cerrar|portada|índice|início|entrar|contato|contacto|quem somos|voltar|fechar|home page|cerca|accedi|contatti|
chi siamo|torna|chiudi|indice|zoeken|inloggen|over ons|sluiten|sök|logga in|kontakta|om oss|stäng|tillbaka|søk|
logg inn|kontakt oss|lukk|søg|log ind|om os|luk|etusivu|haku|kirjaudu|yhteystiedot|strona główna|szukaj|zaloguj|
zaloguj się|kontakt|o nas|zamknij|domů|hledat|přihlásit|přihlásit se|o nás|zavřít|domov|hľadať|prihlásiť|főoldal|
keresés|belépés|kapcsolat|rólunk|acasă|căutare|autentificare|contact|despre|početna|prijava|traži|главная|поиск|войти|
вход|контакты|о нас|о проекте|закрыть|показать ещё|загрузить ещё|вверх|головна|пошук|увійти|контакти|про нас|начало|
търсене|αρχική|αναζήτηση|σύνδεση|επικοινωνία|ana sayfa|anasayfa|ara|giriş|giriş yap|iletişim|hakkımızda|künye|kapat|
الرئيسية|بحث|تسجيل الدخول|اتصل بنا|من نحن|خانه|جستجو|تماس با|درباره ما|ראשי|חיפוש|התחברות|צור קשר|अन्य|होम|खोजें|
हमारे बारे|beranda|cari|masuk|tentang|kontak|hubungi|tutup|trang chủ|tìm kiếm|đăng nhập|liên hệ|giới thiệu|mwanzo|
tafuta|wasiliana|kuhusu|
""",
    Cue.CREDIT: """
photo|photo:|photo by|photos by|photograph|photograph:|picture|picture:|image|image:|image credit|image source|
image via|photo credit|credit|credit:|courtesy|courtesy of|source|source:|getty|getty images|reuters|afp|(ap|ap photo|
illustration|illustration by|file|file photo|video by|graphic|caption|foto|foto:|fotos|fotos:|bild|bild:|bildquelle|
bildrechte|quelle|quelle:|symbolbild|symbolfoto|archivbild|imago|dpa|picture alliance|grafik|crédit|crédits|
crédit photo|photos:|illustration:|imagen|imagen:|fuente|fuente:|imagem|crédito|fonte|fonte:|immagine|beeld|beeld:|
bron|bron:|afbeelding|bilde|bilde:|fotograf|kuva|kuva:|mynd|zdjęcie|fot|fot.|źródło|źródło:|zdroj|zdroj:|
autor fotografie|kép|fotó|forrás|sursa|sursa:|izvor|fotografija|фото|фото:|источник|источник:|иллюстрация|джерело|
джерело:|снимка|източник|φωτογραφία|πηγή|fotoğraf|kaynak|kaynak:|صورة|المصدر|عکس|منبع|צילום|צילום:|तस्वीर|सूत्र|
sumber|sumber:|ảnh|ảnh:|nguồn|nguồn:|picha|
""",
    Cue.BYLINE: """
by|written by|story by|text by|reported by|reporting by|edited by|editing by|words by|posted by|published by|author|
author:|authors|about the author|about the authors|our reporter|staff|redakteur|redakteurin|korrespondent|
korrespondentin|chefredakteur|autorenprofil|zur person|personen-box|senior editor|correspondent|opinion by|
analysis by|compiled by|reviewed by|fact checked by|medically reviewed|contributors|contributor|editor|reporter|
updated by|von|ein artikel von|ein kommentar von|kommentar von|eine analyse von|ein interview von|text:|autor|autorin|
interview:|par|propos recueillis|auteur|por|autor:|redacción|texto|di|a cura di|autore|redazione|door|auteur|tekst|
tekst:|av|text av|af|skrevet af|skrevet av|journalist|toimittaja|teksti|oprac|oprac.|autor|tekst|redakcja|napsal|írta|
szerző|autor|piše|autor|автор|автор:|текст|текст:|автори|της|του|yazan|haber|haberi|بقلم|كتب|كتبت|نویسنده|מאת|लेखक|
oleh|penulis|editor|bởi|tác giả|mwandishi|
""",
    Cue.TIME: """
published|published on|published at|updated|last updated|last modified|posted|posted on|first published|created|date|
date:|publication date|released|modified|issued|uploaded|veröffentlicht|aktualisiert|stand|stand:|erstellt|publiziert|
zuletzt|letzte|datum|publié|publié le|mis à jour|mise à jour|modifié|publicado|publicado:|actualizado|actualizada|
actualizado:|creado|atualizado|atualizado em|publicado em|pubblicato|aggiornato|ultimo aggiornamento|gepubliceerd|
bijgewerkt|laatste update|geplaatst|publicerad|publicerat|uppdaterad|publisert|oppdatert|sist oppdatert|
offentliggjort|opdateret|udgivet|julkaistu|päivitetty|opublikowano|publikacja|publikacja:|aktualizacja|aktualizacja:|
data|dodano|vydáno|publikováno|aktualizováno|zveřejněno|publikované|aktualizované|megjelent|frissítve|publicat|
actualizat|objavljeno|ažurirano|опубликовано|обновлено|дата|дата публикации|опубліковано|оновлено|публикувана|
δημοσίευση|ενημέρωση|yayınlanma|güncelleme|giriş:|giriş|son güncelleme|تاريخ|نشر في|آخر تحديث|تاریخ|پublished|פורסם|
עודכן|प्रकाशित|अपडेट|diterbitkan|diperbarui|đăng|cập nhật|imechapishwa|
""",
    Cue.NOTICE: """
article content|scroll down|watch|watch |external content|embedded content|recommended editorial|i agree|
personal data may|empfohlener redaktioneller|externer inhalt|externe inhalte|an dieser stelle|ich bin damit|
personenbezogene daten|mit einem klick|ein klick|für die darstellung|infografiken anzeigen|link zum|legende|
box aufklappen|box zuklappen|mehr lesekomfort|sie lesen gerade|exklusiv für|mit material von|contenu externe|
ce contenu est|contenido externo|contenuto esterno|consenti|externe content|for å se|för att se|this video|this image|
bild vergrößern|imagen ampliada|helskärm|fullskärm|full screen|this article|this story|this post|this content|
editor's note|editor’s note|note|note:|disclaimer|disclosure|correction|if you buy|if you purchase|we may earn|
we may receive|when you buy|products featured|please|your browser|javascript|to view|to continue|click here|click to|
have a|do you have|got a|send us|if you have|contact the|contact our|follow the|the views|views expressed|
opinions expressed|with files from|additional reporting|originally published|dieser text|dieser beitrag|dieser inhalt|
hinweis|hinweis:|in eigener|transparenzhinweis|redaktioneller hinweis|an dieser stelle|externer inhalt|um diesen|
diese audioversion|wir freuen|mit material|cet article|ce contenu|avertissement|este artículo|este contenido|
este artigo|questo articolo|dit artikel|den här artikeln|denne artikkelen|denne artikel|ten artykuł|tento článek|
эта статья|данный материал|bu haber|هذا المقال|artikel ini|bài viết này|
""",
}
_ANYWHERE: Final = {
    Cue.RELATED: """
read-more trending
""",
    Cue.SHARE: """
facebook twitter whatsapp linkedin pinterest flipboard reddit instagram tiktok bluesky mastodon
facebooktwitter xing pocket snapchat
""",
    Cue.NEWSLETTER: """
newsletter newsletters newslettery nyhetsbrev nyhedsbrev nieuwsbrief uutiskirje bülten inbox hírlevél
бюллетень рассылку
""",
    Cue.ADVERT: """
advertisement anzeige publicité publicidad reklama advertisements sponsored adblocker affiliate
""",
    Cue.COPYRIGHT: """
© copyright impressum cookies cookie datenschutz ® privacy ℗ licensed datenschutzhinweise reserved reservados
vorbehalten
""",
    Cue.COMMENTS: """
comments kommentare kommentarer commentaires comentarios comentários commenti reacties komentarze комментариев
yorumlar
""",
    Cue.NAVIGATION: """
login e-paper menü
""",
    Cue.CREDIT: """
getty shutterstock afp/getty istock imago photo/ picture-alliance unsplash image: photo: picture: foto: bild:
fotos: credit: epa epa-efe zuma afp) reuters) images) ap) dpa) photograph: kuva: фото: fot. zdjęcie:
archivbild symbolbild photo) foto/ images/ pixabay
""",
    Cue.TIME: """
min. read readmin lesezeit leestijd updated: published: aktualisiert uppdaterad oppdatert publisert publicerad
ago mins minuten minutos minuti
""",
}
_FUNCTION: Final = """
the of and to in a is that for it was on with as at by from have has had be are were this which but not they his
her he she we you their been who will would about said its an or after when there
der die das und ist nicht von zu den mit auf für im dem des ein eine sich auch es als an er hat aus bei nach wie
wird dass sind noch war werden über haben einen vor nur sie aber
de la le les et des en un une du que est pour qui dans par plus pas au sur ne se ce il sont avec cette ont aux été mais
el los las y del se con no una su para es al lo como más pero sus le ha este sobre
o os do da que em um para com não uma na no dos das por mais foi ao
il di che è per non sono della con gli nel dei alla delle ha anche più si
het een van en dat niet zijn op te voor met aan ook er door bij om naar
och att det som är för på av inte ett har de till med den om var
og at det på er til af ikke som med for der har de å i sier ble fra
ja on ei että se oli mutta myös hän kun ovat joka
w i na z się nie do to że jest za od przez po jak ale są był oraz tym
a v se na že je to s z do si pro by jako ale tak podle jsem byl
az a hogy és nem is egy volt meg csak már de
și în de la cu nu pe care din este mai că pentru
je i u da se na su za od koji ne sa što kao bio in ki za pa ni tudi
и в не на что с по как это он а из за для от к его о все но был у до при так
і у на не що з до та як за про це від для або але його
и на да се за от в са не че с по
και το της του να η των με την τα για που δεν από είναι στο ότι
ve bir bu da de için ile olarak olan çok daha gibi ancak sonra dedi
في من على أن إلى التي الذي عن مع هذا بعد ما لا كان قد
در به از که این را با است برای آن می و تا شد
של את על לא הוא זה עם כי גם היא אל בין הם
के में की है से का और को ने पर कि यह हैं एक भी नहीं था लिए
এই ও করে থেকে হয় এবং জন্য না এর করা হয়েছে ছিল
dan yang di untuk dengan dari ini pada itu tidak dalam akan oleh juga
và của là có trong cho được không một với các người đã này
na ya wa kwa katika ni la za kuwa hiyo huyo alisema
ukuthi futhi uthi nge die van het en is nie wat hy sê
کے میں کی ہے سے کا اور کو نے پر کہ یہ
"""
_STRIP: Final = ".,:;!?…\"'“”„‘’»«›‹()[]|-–—•·>"
FUNCTION_WORDS: Final = frozenset(_FUNCTION.split())


def _starts() -> dict[str, Cue]:
    found: dict[str, Cue] = {}
    for cue, text in _STARTS.items():
        for phrase in text.replace("\n", "").split("|"):
            if phrase:
                found.setdefault(" ".join(w.strip(_STRIP) or w for w in phrase.split()), cue)
    return found


_BY_START: Final = _starts()
_BY_WORD: Final = {word: cue for cue, words in _ANYWHERE.items() for word in words.split()}
CUE_WORDS: Final = frozenset(_BY_WORD)
KNOWN_WORDS: Final = FUNCTION_WORDS | CUE_WORDS  # no word is of both kinds
_BEGINNINGS: Final = frozenset(
    " ".join(phrase.split(" ")[:count]) for phrase in _BY_START for count in range(1, phrase.count(" ") + 1)
)  # of phrases of several words
_CJK_CUES: Final = (
    (
        Cue.RELATED,
        re.compile(
            r"相关|延伸阅读|推荐阅读|相關|延伸閱讀|更多新闻|関連記事|関連リンク|おすすめ|ランキング|あわせて読みたい|関連ニュース|もっと見る|관련기사|관련 기사|많이 본|추천|인기기사|热点|热门|상위|排行"  # noqa: E501
        ),
    ),
    (Cue.SHARE, re.compile(r"分享|シェア|ポスト|공유|스크랩|인쇄|列印|转发|글자 ?크기|字号|保存|ブックマーク")),
    (Cue.NEWSLETTER, re.compile(r"订阅|訂閱|メルマガ|購読|구독|뉴스레터|会員登録|登録")),
    (Cue.ADVERT, re.compile(r"广告|廣告|広告|광고|^PR$|스폰서")),
    (
        Cue.COPYRIGHT,
        re.compile(r"版权|版權|著作権|無断転載|무단전재|무단 전재|재배포|저작권|プライバシー|備案|备案|利用規約"),
    ),
    (Cue.COMMENTS, re.compile(r"评论|評論|コメント|댓글|留言")),
    (
        Cue.CREDIT,
        re.compile(
            r"이미지 ?확대|뉴스1$|연합뉴스$|＝[^。]{2,8}$|撮影|提供|写真|사진|新华社发|图片来源|资料图|来源|來源|ゲッティ"  # noqa: E501
        ),
    ),
    (Cue.BYLINE, re.compile(r"^(?:记者|記者|作者|编辑|责任编辑|責任編輯|撰文|文[:：/])|기자$|記者$|기자 |특파원$")),
    (Cue.TIME, re.compile(r"\d{4}[年.\-/]|입력|수정|更新|発行|配信|发布|발행")),
)
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def cue_of(text: str, words: list[str], telling: frozenset[str], *, wide: bool = True) -> Cue:
    """Return what the label in `text` says; `words` are its words in lower case, split at spaces.

    Meant for short lines: a sentence that merely mentions a newsletter has that cue as well. `telling` are those of
    `CUE_WORDS` among the words. `wide` False says that no character is Chinese, Japanese or Korean.
    """
    head = words[0] if words else ""
    if not head.isalpha():
        head = head.strip(_STRIP) or head
    found = _BY_START.get(head)
    if head in _BEGINNINGS:
        for word in words[1:]:
            head = f"{head} {word.strip(_STRIP) or word}"
            found = _BY_START.get(head, found)  # the longest phrase wins
            if head not in _BEGINNINGS:
                break
    if found:
        return found
    if telling:
        return min([_BY_WORD[word] for word in telling])
    if wide and not text.isascii() and _CJK.search(text):
        return next((cue for cue, pattern in _CJK_CUES if pattern.search(text)), Cue.NONE)
    return Cue.NONE
