/** What can be wrong with the wrapping of a plugin and with the kinds that are no OpenAPI; part of `findingTexts`. */
export const packageFindingTexts = {
  // Archives and folders
  ARCHIVE_DAMAGED: { en: 'This is no zip, or a damaged one: {reason}', zh: '不是 zip 文件或已损坏：{reason}' },
  ARCHIVE_PATH_UNSAFE: {
    en: 'The name of this entry could lead out of the folder it is unpacked to.',
    zh: '该条目的名称可能指向解压目录之外。',
  },
  ARCHIVE_LINK: { en: 'This entry is a link or a device, not a file.', zh: '该条目是链接或设备，不是文件。' },
  ARCHIVE_ENCRYPTED: { en: 'This entry is encrypted.', zh: '该条目已加密。' },
  ARCHIVE_METHOD_UNKNOWN: {
    en: 'This entry is packed in a way that is not read; deflate is.',
    zh: '该条目的压缩方式不受支持，仅支持 deflate。',
  },
  ARCHIVE_NAME_CLASH: {
    en: 'This name and {other} are the same file on some systems.',
    zh: '该名称与 {other} 在某些系统上是同一个文件。',
  },
  ARCHIVE_TOO_MANY_ENTRIES: { en: 'It holds more than {most} files.', zh: '文件数量超过 {most}。' },
  ARCHIVE_TOO_LARGE: { en: 'Unpacked it is larger than {megabytes} MB.', zh: '解压后超过 {megabytes} MB。' },
  ARCHIVE_RATIO: {
    en: 'It unpacks to more than {most} times its size, as a zip bomb does.',
    zh: '解压后超过原大小的 {most} 倍，疑似 zip 炸弹。',
  },
  ARCHIVE_MISMATCH: {
    en: 'The archive contradicts itself here ({what}): it is damaged or was made to deceive.',
    zh: '压缩包在此处自相矛盾（{what}）：已损坏或被恶意构造。',
  },
  ARCHIVE_OVERLAP: {
    en: 'The bytes of this entry overlap with others: {other}',
    zh: '该条目的数据与其他条目重叠：{other}',
  },
  ARCHIVE_TOO_SLOW: { en: 'Unpacking took longer than {seconds} s.', zh: '解压耗时超过 {seconds} 秒。' },
  ARCHIVE_NESTED: {
    en: 'An archive inside the package is left alone.',
    zh: '包内的压缩文件不会被打开。',
  },
  FOLDER_LINK_SKIPPED: { en: 'This is a link or a device; it is left out.', zh: '这是链接或设备，已跳过。' },
  FOLDER_TOO_DEEP: { en: 'Its folders nest deeper than {most} levels.', zh: '目录嵌套超过 {most} 层。' },
  CODE_IGNORED: {
    en: 'This is a program; nothing of a package runs inside the console, so it is left alone.',
    zh: '这是可执行代码；驾驶舱不会运行插件包中的任何代码，已忽略。',
  },
  // Encodings
  ENCODING_CONVERTED: {
    en: 'The text is {encoding}.',
    zh: '文本编码为 {encoding}。',
    fix: { en: 'It is written as UTF-8.', zh: '将转换为 UTF-8。' },
  },
  ENCODING_UNKNOWN: {
    en: 'The text is neither UTF-8, UTF-16 nor GB18030.',
    zh: '文本编码不是 UTF-8、UTF-16 或 GB18030。',
  },
  MOJIBAKE_REPAIRED: {
    en: 'The text is UTF-8 that was read as Windows-1252: "{before}" was "{after}".',
    zh: '文本是被误读为 Windows-1252 的 UTF-8：“{before}”原为“{after}”。',
    fix: { en: 'It is turned back; nothing is lost.', zh: '将还原，不丢失任何内容。' },
  },
  MOJIBAKE_FOUND: {
    en: 'The text looks like UTF-8 that was read as Windows-1252 and lost characters: "{before}" was about "{after}".',
    zh: '文本疑似被误读为 Windows-1252 的 UTF-8，且已丢失字符：“{before}”原文近似“{after}”。',
  },
  // .xpkg
  XPKG_FIELD_ADVISED: { en: '{name} is missing; people look for it.', zh: '缺少 {name}，建议填写。' },
  XPKG_VERSION_RANGE: {
    en: 'min_version {least} is newer than max_version {most}.',
    zh: 'min_version {least} 高于 max_version {most}。',
  },
  XPKG_MODELS_EMPTY: { en: 'This capability names no model.', zh: '该能力没有列出模型。' },
  XPKG_CHECKSUM_INSIDE: {
    en: 'A checksum inside the archive that it is about can never match; it is not used.',
    zh: '写在压缩包内的自身校验和不可能匹配，不会使用。',
  },
  XPKG_CHECKSUM_WRONG: { en: 'The SHA-256 of {name} is another one.', zh: '{name} 的 SHA-256 不一致。' },
  XPKG_SIGNED: { en: 'Signed with the key {key}.', zh: '由密钥 {key} 签名。' },
  XPKG_SIGNATURE_WRONG: {
    en: 'The signature does not fit the package: {reason}',
    zh: '签名与插件包不符：{reason}',
  },
  XPKG_SIGNATURE_UNKNOWN: {
    en: 'The signature is of a form that cannot be checked; the package counts as unsigned.',
    zh: '无法校验该形式的签名，按未签名处理。',
  },
  CONFIG_FIELD_UNSUPPORTED: {
    en: 'The setting {name} is of a type that the form cannot show ({type}).',
    zh: '表单无法显示设置项 {name} 的类型（{type}）。',
  },
  CONFIG_SCHEMA_WRONG: { en: 'The configuration is not described as an object.', zh: '配置 schema 不是对象。' },
  // Dify
  DIFY_NO_MODELS: { en: 'The package has no model provider.', zh: '包中没有模型厂商。' },
  DIFY_OTHER_PARTS: {
    en: 'Only model providers are read; its {name} are left alone.',
    zh: '仅读取模型厂商，{name} 已忽略。',
  },
  DIFY_MODEL_TYPE: { en: 'The model type {type} is not known.', zh: '未知的模型类型 {type}。' },
  DIFY_MODEL_UNDECLARED: {
    en: 'The provider does not name {type} among supported_model_types.',
    zh: '厂商的 supported_model_types 中没有 {type}。',
  },
  DIFY_PRICE: { en: '{name} of the pricing must be a decimal number.', zh: '价格中的 {name} 应为十进制数。' },
  DIFY_CURRENCY: {
    en: 'The currency {currency} is not a code of three letters.',
    zh: '货币 {currency} 不是三位字母代码。',
  },
  DIFY_POSITION: {
    en: '_position.yaml names {name}, which is no model here.',
    zh: '_position.yaml 中的 {name} 在此处没有对应模型。',
  },
  DIFY_CONDITION: {
    en: 'show_on names the field {name}, which does not exist.',
    zh: 'show_on 引用的字段 {name} 不存在。',
  },
  DIFY_DEFAULT: { en: 'The default of {name} is outside its range or options.', zh: '{name} 的默认值超出范围或选项。' },
  // Postman and curl
  CURL_UNREADABLE: {
    en: 'This is no curl command that can be called ({reason}).',
    zh: '不是可调用的 curl 命令（{reason}）。',
  },
  CURL_REST_IGNORED: { en: 'Only the curl command itself is read.', zh: '只读取 curl 命令本身。' },
  CURL_OPTION_IGNORED: {
    en: 'The option {name} is not understood; calls go out without it.',
    zh: '无法识别选项 {name}，调用时不会使用。',
  },
  CURL_FILE_NOT_READ: {
    en: 'The command reads a file; the file is not read, its content is asked for at each call.',
    zh: '命令会读取文件；此处不读取，调用时需提供内容。',
  },
  CURL_JSON_ASSUMED: {
    en: 'The data is JSON, but no Content-Type says so; it is sent as JSON.',
    zh: '数据是 JSON，但未声明 Content-Type；将以 JSON 发送。',
  },
  POSTMAN_REQUEST_UNREADABLE: {
    en: 'The request {name} has no address that can be called.',
    zh: '请求 {name} 没有可调用的地址。',
  },
  POSTMAN_VARIABLE_UNSET: {
    en: 'The variable {name} of the address has no value in the collection.',
    zh: '集合中没有地址变量 {name} 的值。',
  },
  POSTMAN_AUTH_UNSUPPORTED: {
    en: 'This way to sign in is not supported; calls go out without it.',
    zh: '不支持该认证方式，调用时不会使用。',
  },
  POSTMAN_AUTH_DIFFERS: {
    en: '{count} requests sign in differently; a plugin signs in in one way.',
    zh: '{count} 个请求使用了不同的认证方式，一个插件只能使用一种。',
  },
  POSTMAN_BODY_UNSUPPORTED: { en: 'A body of this kind is not supported.', zh: '不支持该类型的请求体。' },
  POSTMAN_SCRIPT_IGNORED: { en: 'Scripts do not run here; they are left alone.', zh: '脚本不会运行，已忽略。' },
  POSTMAN_TOO_MANY_REQUESTS: { en: 'Only the first {most} requests are read.', zh: '仅读取前 {most} 个请求。' },
  POSTMAN_REQUEST_MERGED: {
    en: '{name} calls the same method and path as an earlier request; the earlier one counts.',
    zh: '{name} 与前面的请求方法和路径相同，以前者为准。',
  },
} as const
