/** Given and family names that belong together, in many scripts; the weight is how often a group is picked. */
export const nameGroups: readonly {
  readonly locale: string;
  readonly country: string;
  readonly weight: number;
  readonly given: string;
  readonly family: string;
}[] = [
  {
    locale: 'en-US',
    country: 'US',
    weight: 26,
    given:
      'Olivia Liam Emma Noah Ava James Sophia Lucas Mia Ethan Grace Henry Zoe Jack Ruby Samuel Nora Owen Ivy Caleb',
    family:
      "Smith Johnson Brown Miller Davis Wilson Anderson Taylor Moore O'Brien Harris Clark Lewis Walker Young King",
  },
  {
    locale: 'en-GB',
    country: 'GB',
    weight: 10,
    given: 'Amelia Oliver Isla George Poppy Arthur Freya Theo Florence Alfie Imogen Rupert',
    family: "Jones Evans Thomas Roberts Hughes Edwards Green Wood Turner D'Arcy Smith-Jones Fitzgerald",
  },
  {
    locale: 'de-DE',
    country: 'DE',
    weight: 9,
    given: 'Jürgen Anna Lukas Käthe Jörg Mia Björn Lena Götz Sophie Matthias Änne',
    family: 'Müller Schmidt Schröder Weiß Großmann Köhler Fischer Böhm Lüdke Straßburg',
  },
  {
    locale: 'fr-FR',
    country: 'FR',
    weight: 8,
    given: 'Zoé Léo Chloé François Anaïs Jérôme Élodie Benoît Inès Raphaël Noël',
    family: 'Lefèvre Garçon Dubois Moreau Bélanger Château Girard Rousseau Fournier Côté',
  },
  {
    locale: 'es-ES',
    country: 'ES',
    weight: 7,
    given: 'Sofía Mateo Íñigo Lucía Martín Begoña Nicolás Ángela Andrés María',
    family: 'García Núñez Fernández López Muñoz Gutiérrez Peña Rodríguez Ibáñez',
  },
  {
    locale: 'pt-BR',
    country: 'BR',
    weight: 6,
    given: 'João Conceição Antônio Júlia Luís Mônica Sebastião Heloísa',
    family: 'Silva Gonçalves Araújo Simões Assunção Pereira Magalhães',
  },
  {
    locale: 'pl-PL',
    country: 'PL',
    weight: 4,
    given: 'Łukasz Małgorzata Paweł Żaneta Stanisław Agnieszka Wojciech',
    family: 'Wójcik Kowalska Dąbrowski Błaszczyk Śliwiński Żółtowski',
  },
  {
    locale: 'tr-TR',
    country: 'TR',
    weight: 3,
    given: 'İrem Çağla Oğuz Şebnem Gülşen Işıl Ömer',
    family: 'Yılmaz Öztürk Çelik Şahin Doğan Işık',
  },
  {
    locale: 'vi-VN',
    country: 'VN',
    weight: 2,
    given: 'Ngọc Thảo Đức Phượng Hữu Quỳnh',
    family: 'Nguyễn Trần Phạm Đặng Vũ Bùi',
  },
  {
    locale: 'ru-RU',
    country: 'KZ',
    weight: 4,
    given: 'Алексей Мария Дмитрий Ольга Фёдор Юлия Пётр',
    family: 'Иванов Смирнова Кузнецов Соловьёв Щербакова Попов',
  },
  {
    locale: 'el-GR',
    country: 'GR',
    weight: 2,
    given: 'Γιώργος Ελένη Νίκος Μαρία Σπύρος Αθηνά',
    family: 'Παπαδόπουλος Νικολάου Οικονόμου Γεωργίου Δημητρίου',
  },
  {
    locale: 'ja-JP',
    country: 'JP',
    weight: 6,
    given: '美咲 翔太 さくら 大輔 陽子 健一 結衣 拓也',
    family: '佐藤 鈴木 高橋 田中 渡辺 伊藤 髙橋 齋藤',
  },
  {
    locale: 'zh-CN',
    country: 'CN',
    weight: 5,
    given: '伟 芳 娜 敏 静 磊 洋 艳 𠮷',
    family: '王 李 张 刘 陈 杨 赵 黄 欧阳',
  },
  {
    locale: 'ko-KR',
    country: 'KR',
    weight: 3,
    given: '민준 서연 지훈 하은 도윤 수빈',
    family: '김 이 박 최 정 강',
  },
  {
    locale: 'ar-EG',
    country: 'EG',
    weight: 3,
    given: 'محمد فاطمة أحمد نور يوسف ليلى',
    family: 'حسن إبراهيم السيد منصور العلي',
  },
  {
    locale: 'he-IL',
    country: 'IL',
    weight: 1,
    given: 'נועה איתן מאיה דניאל שירה',
    family: 'כהן לוי מזרחי פרץ ביטון',
  },
  {
    locale: 'hi-IN',
    country: 'IN',
    weight: 4,
    given: 'आरव अनन्या विवान प्रिया अर्जुन',
    family: 'शर्मा पटेल सिंह गुप्ता अय्यर',
  },
  {
    locale: 'th-TH',
    country: 'TH',
    weight: 1,
    given: 'สมชาย สุดา อนันต์ มาลี',
    family: 'สุขใจ ศรีสุข ทองดี วงศ์ใหญ่',
  },
];
