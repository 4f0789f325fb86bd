import type { Vendor } from '../../../../shared/contracts/keys.ts'

export interface KnownVendor {
  readonly label: string
  readonly vendor: Vendor
  readonly service: string
  /** Null for the vendor's own. */
  readonly baseUrl: string | null
}
const like = (label: string, baseUrl: string): KnownVendor => ({
  ...{ label, vendor: 'openai-compatible', service: label.toLowerCase(), baseUrl },
})

/** Vendors by the word that variables such as NAME_API_KEY begin with. */
export const vendorsByWord: ReadonlyMap<string, KnownVendor> = new Map([
  ['OPENAI', { label: 'OpenAI', vendor: 'openai', service: 'gpt-4', baseUrl: null }],
  ['DASHSCOPE', { label: 'DashScope', vendor: 'aliyun', service: 'qwen', baseUrl: null }],
  ['DEEPSEEK', like('DeepSeek', 'https://api.deepseek.com/v1')],
  ['MOONSHOT', like('Moonshot', 'https://api.moonshot.cn/v1')],
  ['SILICONFLOW', like('SiliconFlow', 'https://api.siliconflow.cn/v1')],
  ['ZHIPUAI', like('Zhipu', 'https://open.bigmodel.cn/api/paas/v4')],
  ['ZHIPU', like('Zhipu', 'https://open.bigmodel.cn/api/paas/v4')],
  ['ARK', like('Ark', 'https://ark.cn-beijing.volces.com/api/v3')],
  ['OPENROUTER', like('OpenRouter', 'https://openrouter.ai/api/v1')],
  ['GROQ', like('Groq', 'https://api.groq.com/openai/v1')],
  ['MISTRAL', like('Mistral', 'https://api.mistral.ai/v1')],
  ['TOGETHER', like('Together', 'https://api.together.xyz/v1')],
  ['XAI', like('xAI', 'https://api.x.ai/v1')],
  ['GEMINI', like('Gemini', 'https://generativelanguage.googleapis.com/v1beta/openai')],
] as const)

/** Vendors by their number in one-api and new-api, where both agree on it. */
export const vendorsByChannelType: ReadonlyMap<number, KnownVendor> = new Map(
  (
    [
      [1, 'OPENAI'],
      [17, 'DASHSCOPE'],
      [20, 'OPENROUTER'],
      [25, 'MOONSHOT'],
    ] as const
  ).map(([type, word]) => [type, vendorsByWord.get(word)!]),
)
/** Channels that speak a dialect of their own (Azure, PaLM, Anthropic, Baidu, Zhipu, Xunfei, Tencent, Gemini, AWS). */
export const foreignChannelTypes: ReadonlySet<number> = new Set([3, 11, 14, 15, 16, 18, 23, 24, 33])
