#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/buf.h"
#include "indexer/text/language.h"

#include <stdlib.h>

static void texts_are_known_by_letters_and_words(void **state)
{
    static const char *const rows[][2] = {
        {"zh-Hans", "打印机无法连接到网络，请检查路由器设置"                                                            },
        {"zh-Hant", "印表機無法連線到網路，請檢查路由器設定"                                                            },
        {"zh-Hans", "HG8245H 指示灯 LOS 闪红灯，ONT 无法注册到 OLT"                                                            },
        {"zh-Hant", "執行 Outlook 時發生 0x80070005 錯誤"                                                                           },
        {"ja",      "プリンターがネットワークに接続できません"                                                         },
        {"ja",      "HTTP 404 エラーの対処方法 Windows Server"                                                                     },
        {"ja",      "検索対応図"                                                                                                      },
        {"ko",      "프린터가 네트워크에 연결되지 않습니다"                                                               },
        {"ko",      "Windows 11 업데이트 오류 0x800f0922"                                                                            },
        {"th",      "เครื่องพิมพ์ไม่สามารถเชื่อมต่อเครือข่าย"},
        {"lo",      "ກວດສອບອຸປະກອນ"                                                                              },
        {"km",      "ពិនិត្យឧបករណ៍"                                                                              },
        {"my",      "စက်ကိုစစ်ဆေးပါ"                                                                           },
        {"en",      "The printer cannot connect to the network"                                                                            },
        {"en",      "Only text, no heading."                                                                                               },
        {"en",      "How to reset the router when the LED is red"                                                                          },
        {"de",      "Der Drucker kann keine Verbindung mit dem Netzwerk herstellen"                                                        },
        {"fr",      "L'imprimante ne peut pas se connecter au réseau"                                                                     },
        {"es",      "La impresora no puede conectarse a la red cuando está en uso"                                                        },
        {"it",      "La stampante non si connette alla rete della casa"                                                                    },
        {"pt",      "A impressora não consegue conectar à rede quando você a usa"                                                       },
        {"nl",      "De printer kan geen verbinding maken met het netwerk"                                                                 },
        {"sv",      "Skrivaren kan inte ansluta till nätverket och det är fel"                                                           },
        {"pl",      "Drukarka nie może połączyć się z siecią"                                                                        },
        {"cs",      "Tiskárna se nemůže připojit k síti, protože není zapnutá"                                                     },
        {"hu",      "A nyomtató nem tud csatlakozni a hálózathoz, és ez hiba"                                                          },
        {"ro",      "Imprimanta nu se poate conecta la rețea și este oprită"                                                            },
        {"tr",      "Yazıcı ağa bağlanamıyor ve bu bir hata değil"                                                                   },
        {"vi",      "Máy in không thể kết nối với mạng"                                                                        },
        {"id",      "Printer tidak dapat terhubung ke jaringan yang ini"                                                                   },
        {"fi",      "Tulostin ei voi muodostaa yhteyttä verkkoon ja se on pois päältä"                                                 },
        {"ru",      "Принтер не может подключиться к сети, ошибки были"                           },
        {"uk",      "Принтер не може підключитися до мережі"                                              },
        {"be",      "Прынтар не можа падключыцца, бо ён выключаны ўчора"                         },
        {"el",      "Ο εκτυπωτής δεν συνδέεται"                                                                      },
        {"ar",      "الطابعة لا تتصل بالشبكة"                                                                          },
        {"fa",      "چاپگر به شبکه وصل نمی‌شود"                                                                      },
        {"he",      "המדפסת לא מתחברת"                                                                                       },
        {"hi",      "प्रिंटर नेटवर्क से कनेक्ट नहीं हो रहा"                  },
        {"??",      "HG8245H"                                                                                                              },
        {"nl",      "wanneer wanneer"                                                                                                      },
        {"??",      "wanneerx xwanneer wanneerwanneer"                                                                                     },
        {"vi",      "trong những phần"                                                                                                 },
        {"en",      "Theinternationalisation isnotwhatitseems is that it"                                                                  },
        {"??",      "12345 !!"                                                                                                             },
        {"??",      ""                                                                                                                     },
        {"??",      "\xFF\xFE\x80"                                                                                                         },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *got = language_detect(bytes_str(rows[i][1]), "??");

        if (strcmp(got, rows[i][0]) != 0)
            fail_msg("\"%s\" is taken for %s, not %s", rows[i][1], got, rows[i][0]);
    }
}

static void random_bytes_have_some_answer(void **state)
{
    uint8_t text[200];

    (void)state;
    for (int round = 0; round < 5000; round++) {
        size_t len = (size_t)rand() % sizeof text;

        for (size_t i = 0; i < len; i++)
            text[i] = (uint8_t)rand();
        assert_non_null(language_detect(bytes_of(text, len), "??"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_known_by_letters_and_words),
        cmocka_unit_test(random_bytes_have_some_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
