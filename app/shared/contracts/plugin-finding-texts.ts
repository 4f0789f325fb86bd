import { type ErrorDetails, fill, type SpokenLanguage } from '../errors.ts'
import { packageFindingTexts } from './package-finding-texts.ts'
import type { Finding } from './plugin-findings.ts'

interface Sentence {
  readonly en: string
  readonly zh: string
}
/** What is wrong (`{name}` is filled from the details) and, where an import mends it, what it does. */
interface FindingText extends Sentence {
  readonly fix?: Sentence
}

/** Every code of a finding in a plugin package. */
export const findingTexts = {
  ...packageFindingTexts,
  // The package
  MORE_FINDINGS: { en: '{count} more findings are not shown.', zh: '另有 {count} 条问题未显示。' },
  PACKAGE_NOT_RECOGNISED: {
    en: 'Nothing in it is a plugin: no plugin_meta.yaml, OpenAPI document, manifest, Postman collection or curl line.',
    zh: '其中没有插件：没有 plugin_meta.yaml、OpenAPI 文档、清单、Postman 集合或 curl 命令。',
  },
  PACKAGE_UNREADABLE: { en: 'It cannot be read: {reason}', zh: '无法读取：{reason}' },
  FILE_UNREADABLE: { en: 'The file cannot be read: {reason}', zh: '无法读取该文件：{reason}' },
  FILE_UNREFERENCED: { en: 'No plugin uses this document.', zh: '没有插件使用该文档。' },
  // The notation
  DOCUMENT_TOO_LARGE: { en: 'The document is larger than {most} MB.', zh: '文档超过 {most} MB。' },
  DOCUMENT_TOO_DEEP: { en: 'The document nests deeper than {most} levels.', zh: '文档嵌套超过 {most} 层。' },
  DOCUMENT_EMPTY: { en: 'The document is empty.', zh: '文档为空。' },
  JSON_SYNTAX: { en: 'This is not valid JSON: {reason}', zh: 'JSON 语法错误：{reason}' },
  JSON_LENIENT: {
    en: 'This is not valid JSON ({reason}), but it can be read all the same.',
    zh: '不是有效的 JSON（{reason}），但仍可读取。',
    fix: { en: 'It is written as valid JSON.', zh: '将改写为有效的 JSON。' },
  },
  YAML_SYNTAX: { en: 'This is not valid YAML: {reason}', zh: 'YAML 语法错误：{reason}' },
  YAML_TAB: { en: 'YAML does not allow a tab as indentation.', zh: 'YAML 不允许使用制表符缩进。' },
  YAML_TAG: { en: 'The YAML is unusual here: {reason}', zh: '此处的 YAML 不常规：{reason}' },
  YAML_SEVERAL_DOCUMENTS: {
    en: 'The file holds several YAML documents; only the first is read.',
    zh: '文件包含多个 YAML 文档，只读取第一个。',
  },
  YAML_ALIAS_UNKNOWN: {
    en: 'The alias *{name} stands before its anchor, inside it, or without one.',
    zh: '别名 *{name} 没有锚点，或位于锚点之前或之内。',
  },
  YAML_ALIAS_BOMB: { en: 'The aliases unfold to more than {most} nodes.', zh: '别名展开后超过 {most} 个节点。' },
  KEY_DUPLICATE: {
    en: 'The key {key} stands here twice; the last one counts.',
    zh: '键 {key} 重复出现，以最后一个为准。',
  },
  KEY_NOT_TEXT: { en: 'A key must be text.', zh: '键必须是文本。' },
  // Shape
  FIELD_MISSING: { en: '{name} is missing.', zh: '缺少 {name}。' },
  FIELD_WRONG: { en: '{name} must be {expected}.', zh: '{name} 应为 {expected}。' },
  // Coze plugin_meta.yaml
  META_NOT_A_LIST: { en: 'plugin_meta.yaml must be a list of plugins.', zh: 'plugin_meta.yaml 应为插件列表。' },
  META_EMPTY: { en: 'plugin_meta.yaml lists no plugin.', zh: 'plugin_meta.yaml 中没有插件。' },
  ID_DUPLICATE: { en: '{name} {id} is taken by another one.', zh: '{name} {id} 已被占用。' },
  VERSION_NOT_SEMANTIC: {
    en: 'The version {version} is not of the form v1.2.3.',
    zh: '版本 {version} 不是 v1.2.3 的形式。',
    fix: { en: 'It is written in that form.', zh: '将改写为该形式。' },
  },
  PLUGIN_DEPRECATED: { en: '{name} is deprecated and left out.', zh: '{name} 已弃用，已跳过。' },
  TOOL_DEPRECATED: { en: 'The tool {id} is deprecated and left out.', zh: '工具 {id} 已弃用，已跳过。' },
  DOCUMENT_MISSING: { en: 'The document {name} is not in the package.', zh: '包中没有文档 {name}。' },
  DOCUMENT_ELSEWHERE: {
    en: 'openapi_doc_file must name a file beside plugin_meta.yaml, not {name}.',
    zh: 'openapi_doc_file 应为 plugin_meta.yaml 同目录下的文件，而不是 {name}。',
  },
  TOOL_WITHOUT_OPERATION: {
    en: 'The document has no operation {method} {path} for the tool {id}.',
    zh: '文档中没有工具 {id} 对应的操作 {method} {path}。',
  },
  OPERATION_NOT_LISTED: {
    en: 'No tool of plugin_meta.yaml names the operation {method} {path}; it is left out.',
    zh: 'plugin_meta.yaml 中没有工具对应操作 {method} {path}，已跳过。',
  },
  AUTH_UNKNOWN: { en: 'The way to sign in is not known: {type}.', zh: '未知的认证方式：{type}。' },
  AUTH_PAYLOAD: {
    en: 'auth.payload must be a JSON object written as text: {reason}',
    zh: 'auth.payload 应为 JSON 对象的文本：{reason}',
  },
  AUTH_FIELD: { en: 'auth.payload: {name} must be {expected}.', zh: 'auth.payload 中的 {name} 应为 {expected}。' },
  OAUTH_SCHEMA: { en: 'oauth_schema.json: {reason}', zh: 'oauth_schema.json：{reason}' },
  // OpenAPI: the document
  OPENAPI_VERSION: {
    en: 'The OpenAPI version {version} is not read; 2.0, 3.0 and 3.1 are.',
    zh: '不支持 OpenAPI 版本 {version}，仅支持 2.0、3.0 和 3.1。',
  },
  OPENAPI_LOWERED: {
    en: 'The document is OpenAPI {version}; upstream takes only 3.0.',
    zh: '文档为 OpenAPI {version}，上游仅接受 3.0。',
    fix: { en: 'It is converted to 3.0.', zh: '将转换为 3.0。' },
  },
  INFO_MISSING: {
    en: 'info.{name} is missing.',
    zh: '缺少 info.{name}。',
    fix: { en: 'One is made.', zh: '将自动生成。' },
  },
  NO_OPERATIONS: { en: 'The document has no operations.', zh: '文档中没有任何操作。' },
  WEBHOOKS_DROPPED: {
    en: 'Webhooks cannot be called; they are left out.',
    zh: 'Webhook 无法调用，将被忽略。',
    fix: { en: 'They are left out.', zh: '将被忽略。' },
  },
  SERVER_MISSING: {
    en: 'The document names no server that can be reached; it is asked for when the plugin is configured.',
    zh: '文档没有可访问的服务器，将在配置插件时填写。',
  },
  SERVER_INVALID: { en: 'The server {url} cannot be used: {reason}', zh: '服务器 {url} 无法使用：{reason}' },
  SERVER_SEVERAL: {
    en: 'The document names {count} servers; one is needed.',
    zh: '文档列出了 {count} 个服务器，只能使用一个。',
    fix: { en: 'The first that can be used is chosen.', zh: '将选用第一个可用的。' },
  },
  SERVER_VARIABLES: {
    en: 'The address of the server has variables: {url}',
    zh: '服务器地址含有变量：{url}',
    fix: { en: 'Their defaults are put in.', zh: '将填入默认值。' },
  },
  SECURITY_UNSUPPORTED: {
    en: 'The security scheme {name} ({type}) is not supported; calls go out without it.',
    zh: '不支持安全方案 {name}（{type}），调用时不会使用。',
  },
  // References
  REFERENCE_MISSING: { en: '{ref} points to nothing.', zh: '{ref} 指向的内容不存在。' },
  REFERENCE_EXTERNAL: {
    en: '{ref} leads out of the package and is not followed.',
    zh: '{ref} 指向包外，不会跟随。',
  },
  REFERENCE_CYCLIC: { en: '{ref} leads back to itself.', zh: '{ref} 最终指向自身。' },
  REFERENCE_WRONG: { en: '{ref} is not a reference.', zh: '{ref} 不是有效的引用。' },
  REFERENCE_TOO_MANY: {
    en: 'More than {most} files are referred to; the rest is not read.',
    zh: '引用的文件超过 {most} 个，其余不再读取。',
  },
  BUNDLE_TOO_LARGE: { en: 'With everything it refers to, the document grows too large.', zh: '展开引用后文档过大。' },
  // Operations
  PATH_WRONG: { en: 'The path {path} does not begin with a slash.', zh: '路径 {path} 没有以斜杠开头。' },
  METHOD_UNSUPPORTED: { en: 'Operations {method} are not called.', zh: '不支持调用 {method} 操作。' },
  OPERATION_ID_MISSING: {
    en: 'The operation has no operationId.',
    zh: '该操作没有 operationId。',
    fix: { en: 'It is made from method and path.', zh: '将由方法和路径生成。' },
  },
  OPERATION_ID_DUPLICATE: {
    en: 'The operationId {id} is taken by another operation.',
    zh: 'operationId {id} 已被其他操作使用。',
    fix: { en: 'A number is appended.', zh: '将追加编号。' },
  },
  SUMMARY_MISSING: {
    en: 'The operation has no summary.',
    zh: '该操作没有 summary。',
    fix: { en: 'It is made from the description or the operationId.', zh: '将由描述或 operationId 生成。' },
  },
  RESPONSES_MISSING: {
    en: 'The operation names no responses.',
    zh: '该操作没有声明 responses。',
    fix: { en: 'An answer 200 without a shape is added.', zh: '将添加一个不限结构的 200 响应。' },
  },
  RESPONSE_200_MISSING: {
    en: 'The operation has no response 200.',
    zh: '该操作没有 200 响应。',
    fix: {
      en: 'Another success, or one without a shape, takes its place.',
      zh: '将以其他成功响应或不限结构的响应代替。',
    },
  },
  RESPONSE_NOT_JSON: {
    en: 'The response 200 has no application/json.',
    zh: '200 响应没有 application/json。',
    fix: { en: 'A text answer is wrapped into an object.', zh: '文本响应将包装为对象。' },
  },
  RESPONSE_NOT_OBJECT: {
    en: 'The response 200 is no object but {type}.',
    zh: '200 响应不是对象，而是 {type}。',
    fix: { en: 'It is wrapped into an object.', zh: '将包装为对象。' },
  },
  BODY_EMPTY: {
    en: 'The request body has no media type.',
    zh: '请求体没有媒体类型。',
    fix: { en: 'It becomes a JSON object without a shape.', zh: '将改为不限结构的 JSON 对象。' },
  },
  BODY_SEVERAL_MEDIA_TYPES: {
    en: 'The request body has {count} media types; one is needed.',
    zh: '请求体有 {count} 种媒体类型，只能使用一种。',
    fix: { en: 'One is chosen, JSON first.', zh: '将选用一种，优先 JSON。' },
  },
  BODY_NOT_OBJECT: {
    en: 'The request body is no object but {type}.',
    zh: '请求体不是对象，而是 {type}。',
    fix: { en: 'It is wrapped into an object.', zh: '将包装为对象。' },
  },
  // Parameters
  PARAMETER_WRONG: {
    en: 'This is no parameter: {reason}',
    zh: '参数无效：{reason}',
    fix: { en: 'It is left out.', zh: '将被忽略。' },
  },
  PARAMETER_DUPLICATE: {
    en: 'The parameter {name} stands here twice.',
    zh: '参数 {name} 重复。',
    fix: { en: 'The second is left out.', zh: '将忽略第二个。' },
  },
  PARAMETER_NOT_REQUIRED: {
    en: 'The path parameter {name} must be required.',
    zh: '路径参数 {name} 必须为必填。',
    fix: { en: 'It is made required.', zh: '将设为必填。' },
  },
  PARAMETER_NOT_IN_PATH: {
    en: 'The path has no {{name}} for this parameter.',
    zh: '路径中没有该参数对应的 {{name}}。',
    fix: { en: 'It is left out.', zh: '将被忽略。' },
  },
  PARAMETER_UNDECLARED: {
    en: 'The path names {{name}}, but no parameter says what it is.',
    zh: '路径含有 {{name}}，但没有声明该参数。',
    fix: { en: 'A required text is added.', zh: '将添加一个必填文本参数。' },
  },
  PARAMETER_UNTYPED: {
    en: 'The parameter {name} has no type.',
    zh: '参数 {name} 没有类型。',
    fix: { en: 'It becomes {type}.', zh: '将设为 {type}。' },
  },
  PARAMETER_OBJECT: {
    en: 'The parameter {name} is an object; upstream does not take that.',
    zh: '参数 {name} 是对象，上游不接受。',
  },
  PARAMETER_PATH_ARRAY: {
    en: 'The path parameter {name} is a list; upstream does not take that.',
    zh: '路径参数 {name} 是数组，上游不接受。',
  },
  PARAMETER_CHOICE: {
    en: 'The parameter {name} may be of several types; upstream does not take that.',
    zh: '参数 {name} 可为多种类型，上游不接受。',
  },
  // Schemas
  SCHEMA_WRONG: { en: 'This is no schema: {reason}', zh: '不是有效的 schema：{reason}' },
  SCHEMA_TYPE: {
    en: 'There is no type {type}.',
    zh: '不存在类型 {type}。',
    fix: { en: 'It becomes {instead}.', zh: '将改为 {instead}。' },
  },
  SCHEMA_REQUIRED: {
    en: '"required" of a schema is a list of names.',
    zh: 'schema 的 required 应为名称列表。',
    fix: { en: 'It is left out.', zh: '将被忽略。' },
  },
  SCHEMA_ENUM: {
    en: '"enum" must be a list that is not empty.',
    zh: 'enum 应为非空列表。',
    fix: { en: 'It is left out.', zh: '将被忽略。' },
  },
  SCHEMA_ITEMS: {
    en: 'A list must say what its items are.',
    zh: '数组必须声明 items。',
    fix: { en: 'Any item is allowed.', zh: '将允许任意元素。' },
  },
  SCHEMA_PATTERN: { en: 'The pattern cannot be read: {reason}', zh: '无法解析 pattern：{reason}' },
  SCHEMA_FORMAT: {
    en: 'The format {format} does not go with the type {type}.',
    zh: '格式 {format} 与类型 {type} 不符。',
  },
  SCHEMA_BOUNDS: { en: '{least} is greater than {most}: no value fits.', zh: '{least} 大于 {most}，没有值能满足。' },
  SCHEMA_ENDLESS: {
    en: 'The schema {name} requires itself: no value fits.',
    zh: 'schema {name} 必须包含自身，没有值能满足。',
  },
  SCHEMA_RECURSIVE: {
    en: 'The schema {name} requires a list of itself: only empty lists end it.',
    zh: 'schema {name} 必须包含自身的数组，只有空数组才能结束。',
  },
} as const satisfies Record<string, FindingText>
export type FindingCode = keyof typeof findingTexts

const textOf = (code: string): FindingText | null =>
  Object.hasOwn(findingTexts, code) ? findingTexts[code as FindingCode] : null
const pick = (text: Sentence, details: ErrorDetails, language: SpokenLanguage) =>
  fill(language === 'zh-CN' ? text.zh : text.en, details)

/** What a finding says and, where an import mends it, what it does about it. */
export function describeFinding(
  { code, details, fixable }: Pick<Finding, 'code' | 'details' | 'fixable'>,
  language: SpokenLanguage,
): { readonly sentence: string; readonly fix: string | null } {
  const text = textOf(code)
  if (text === null) return { sentence: code, fix: null }
  return {
    sentence: pick(text, details, language),
    fix: fixable && text.fix ? pick(text.fix, details, language) : null,
  }
}
