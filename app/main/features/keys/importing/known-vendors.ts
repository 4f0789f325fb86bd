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

const word = (name: string): KnownVendor => vendorsByWord.get(name)!
const miniMax = like('MiniMax', 'https://api.minimax.chat/v1')
const ollama = like('Ollama', 'http://localhost:11434/v1')

/** Programs that export channels; they number vendors alike up to 25, and each in its own way beyond. */
export type ChannelProgram = 'one-api' | 'new-api'
/** Vendors by their number. Sources: `channeltype` of one-api, `constant/channel.go` of new-api, both of 2026-11. */
type Numbered = readonly (readonly [number, KnownVendor])[]
const both: Numbered = [
  [1, word('OPENAI')],
  [6, like('OpenAIMax', 'https://api.openaimax.com/v1')],
  [7, like('OhMyGPT', 'https://api.ohmygpt.com/v1')],
  [10, like('AIProxy', 'https://api.aiproxy.io/v1')],
  [12, like('API2GPT', 'https://api.api2gpt.com/v1')],
  [13, like('AIGC2D', 'https://api.aigc2d.com/v1')],
  [17, word('DASHSCOPE')],
  [20, word('OPENROUTER')],
  [25, word('MOONSHOT')],
  [31, like('LingYiWanWu', 'https://api.lingyiwanwu.com/v1')],
]
const own: Readonly<Record<ChannelProgram, Numbered>> = {
  'one-api': [
    [26, like('Baichuan', 'https://api.baichuan-ai.com/v1')],
    [27, miniMax],
    [28, word('MISTRAL')],
    [29, word('GROQ')],
    [30, ollama],
    [32, like('StepFun', 'https://api.stepfun.com/v1')],
    [36, word('DEEPSEEK')],
    [39, word('TOGETHER')],
    [40, word('ARK')],
    [41, like('Novita', 'https://api.novita.ai/v3/openai/v1')],
  ],
  'new-api': [
    [4, ollama],
    [26, word('ZHIPU')],
    [35, miniMax],
    [38, like('Jina', 'https://api.jina.ai/v1')],
    [40, word('SILICONFLOW')],
    [42, word('MISTRAL')],
    [43, word('DEEPSEEK')],
    [45, word('ARK')],
    [46, like('Qianfan', 'https://qianfan.baidubce.com/v2')],
    [48, word('XAI')],
    [53, like('Submodel', 'https://llm.submodel.ai/v1')],
  ],
}
/** Channels that speak a dialect of their own, by name. */
const foreign: Readonly<Record<ChannelProgram | 'both', Readonly<Record<number, string>>>> = {
  both: {
    ...{ 3: 'Azure', 11: 'PaLM', 14: 'Anthropic', 15: 'Baidu', 16: 'Zhipu', 18: 'Xunfei', 21: 'AIProxy Library' },
    ...{ 22: 'FastGPT', 23: 'Tencent', 24: 'Gemini', 33: 'AWS' },
  },
  'one-api': { 34: 'Coze', 35: 'Cohere', 37: 'Cloudflare', 38: 'DeepL', 42: 'Vertex AI' },
  'new-api': {
    ...{
      2: 'Midjourney',
      5: 'Midjourney Plus',
      34: 'Cohere',
      36: 'Suno',
      37: 'Dify',
      39: 'Cloudflare',
      41: 'Vertex AI',
    },
    ...{
      49: 'Coze',
      50: 'Kling',
      51: 'Jimeng',
      52: 'Vidu',
      54: 'Doubao video',
      55: 'Sora',
      56: 'Replicate',
      57: 'Codex',
    },
  },
}
export const channelVendor = (program: ChannelProgram, type: number): KnownVendor | null =>
  [...both, ...own[program]].find(([number]) => number === type)?.[1] ?? null
/** The name of a vendor whose dialect is not spoken here; null for others. */
export const foreignVendor = (program: ChannelProgram, type: number): string | null =>
  foreign.both[type] ?? foreign[program][type] ?? null
